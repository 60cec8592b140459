// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/** A server cannot be used now. Nothing was changed on it. */
public final class ServerRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;
    private final boolean foreign;

    public ServerRefused(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, false);
    }

    private ServerRefused(Reason reason, String message, @Nullable Throwable cause, boolean foreign) {
        super(message, cause);
        this.reason = reason;
        this.foreign = foreign;
    }

    /** It is certain that no claim of this installation lives there. */
    public static ServerRefused foreign(Reason reason, String message) {
        return new ServerRefused(reason, message, null, true);
    }

    /** The same, with more to say. */
    public ServerRefused and(String more) {
        return new ServerRefused(reason, explanation() + ". " + more, getCause(), foreign);
    }

    /** Whether it need not be asked where a claim lives. */
    public boolean foreign() {
        return foreign;
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
