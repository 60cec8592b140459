// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/** A server cannot be used now. Nothing was changed on it. */
public final class ServerRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;
    private final Why why;

    private enum Why {
        Plain,
        Foreign,
        Busy
    }

    public ServerRefused(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, Why.Plain);
    }

    private ServerRefused(Reason reason, String message, @Nullable Throwable cause, Why why) {
        super(message, cause);
        this.reason = reason;
        this.why = why;
    }

    /** It is certain that no claim of this installation lives there. */
    public static ServerRefused foreign(Reason reason, String message) {
        return new ServerRefused(reason, message, null, Why.Foreign);
    }

    /** It had no session for so long; with all of them at work on claims that says nothing about the server. */
    static ServerRefused busy(ServerRefused cause) {
        return new ServerRefused(cause.reason, cause.explanation() + "; all are at work", cause, Why.Busy);
    }

    /** The same, with more to say. */
    public ServerRefused and(String more) {
        return new ServerRefused(reason, explanation() + ". " + more, getCause(), why);
    }

    /** Whether it need not be asked where a claim lives. */
    public boolean foreign() {
        return why == Why.Foreign;
    }

    /** Whether what was known of it stands. */
    public boolean busy() {
        return why == Why.Busy;
    }

    public Reason reason() {
        return reason;
    }

    /** The message, always there. */
    public String explanation() {
        var message = getMessage();
        return message == null ? reason.name() : message;
    }
}
