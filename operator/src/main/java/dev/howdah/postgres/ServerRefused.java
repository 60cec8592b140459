// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/** A server cannot be used now. Nothing was changed on it. */
public final class ServerRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public ServerRefused(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
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
