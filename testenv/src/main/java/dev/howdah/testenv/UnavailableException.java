// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

/** Something the test environment needs cannot be had here; the message is one line that says what and how to get it. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is missing and how to get it. */
    public UnavailableException(String message) {
        super(message);
    }

    /** The same, with what was seen. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What lies at the bottom of an error, in one line. */
    public static String root(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = cause.getMessage() == null ? "" : " " + cause.getMessage();
        return (cause.getClass().getSimpleName() + message).replaceAll("\\s+", " ");
    }
}
