// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why nobody was reached. What the driver says of it is often no more than that the attempt failed. */
final class Unreached {
    private static final String NOT_IN_TIME = "no answer in time; a firewall or network policy may be in the way";

    private Unreached() {}

    /** Without a full stop at its end. */
    static String why(ConnectionTarget target, SQLException e) {
        var text = firstLine(e);
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            var plain = cause instanceof IOException failure ? plainly(target, text, failure) : null;
            if (plain != null) {
                return plain;
            }
        }
        return text.equals("Connection attempt timed out") ? NOT_IN_TIME : text;
    }

    private static @Nullable String plainly(ConnectionTarget target, String text, IOException failure) {
        return switch (failure) {
            case UnknownHostException unknown -> "the host name \"%s\" does not resolve".formatted(target.host());
            case SocketTimeoutException late -> NOT_IN_TIME;
            case NoRouteToHostException away -> "there is no route to it";
            case ConnectException refused
            when refused.getMessage() != null && refused.getMessage().contains("refused") ->
                "the connection was refused: nothing listens on port %d".formatted(target.port());
            case EOFException closed -> "the connection was closed before anything was said";
            default -> failure.getMessage() == null ? null : text + ": " + failure.getMessage();
        };
    }

    /** What the driver says, first line only, without the full stop. */
    static String firstLine(SQLException e) {
        var text = e.getMessage() == null
                ? ""
                : e.getMessage().lines().findFirst().orElse("").strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
