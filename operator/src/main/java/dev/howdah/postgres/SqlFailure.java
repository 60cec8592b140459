// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement failed. Says what kind of failure it is, and so what to do next. Its message holds no secret. */
public final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What to do about it. */
    public enum Kind {
        /** Goes away by itself: try again with growing waits. */
        Transient,
        /** It is not known whether it took effect: look again before anything else. */
        Uncertain,
        /** Somebody has to change something on the server or in the claim. */
        NeedsAction,
        /** This operator no longer leads: stop at once. */
        FencedOut,
        /** Ours to fix. */
        Bug
    }

    static final String FENCED_OUT = "howdah: fenced out";
    /** A wait for a lock came to its end. */
    static final String LOCKED = "55P03";

    static final String MOVED_ON = "howdah: the claim's row in the ledger has changed";

    private static final Set<String> TRANSIENT =
            Set.of(LOCKED, "57P01", "57P02", "57P03", "57P05", "57014", "23505", "42710", "42P04", "3D000", "42704");
    /** By an administrator, by a crash, by a timeout of idle sessions. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P05");

    /** By the driver itself, as when it is interrupted in the middle of an answer. */
    private static final String DRIVER_FAILED = "99999";

    private static final Set<String> NEEDS_ACTION = Set.of(
            "42501", "0A000", "58P01", "2BP01", "55006", "55000", "22023", "01006", "01007", "0LP01", "28000", "28P01");

    private final Kind kind;
    private final String sqlState;
    private final @Nullable Long journal;

    private SqlFailure(Kind kind, String sqlState, String message, @Nullable Throwable cause) {
        this(kind, sqlState, message, cause, null);
    }

    private SqlFailure(Kind kind, String sqlState, String message, @Nullable Throwable cause, @Nullable Long journal) {
        super(message, cause);
        this.kind = kind;
        this.sqlState = sqlState;
        this.journal = journal;
    }

    /** The same, with the number of its line in the ledger's journal. */
    SqlFailure inJournal(long line) {
        return new SqlFailure(kind, sqlState, explanation(), getCause(), line);
    }

    static SqlFailure bug(String what, Throwable cause) {
        return new SqlFailure(Kind.Bug, "", what, cause);
    }

    static SqlFailure of(String what, SQLException e) {
        return of(what, e, null);
    }

    /** {@code advice} says what to do, where more is known than the kind. */
    static SqlFailure of(String what, SQLException e, @Nullable String advice) {
        var state = state(e);
        var text = serverMessage(e);
        if (text.contains(FENCED_OUT)) {
            return new SqlFailure(Kind.FencedOut, state, text, null);
        }
        if (text.contains(MOVED_ON)) {
            return new SqlFailure(Kind.Transient, state, what + ": " + MOVED_ON, null);
        }
        return new SqlFailure(
                advice == null ? kind(state, text) : Kind.NeedsAction,
                state,
                what + ": " + text + " (SQLSTATE " + state + ")" + (advice == null ? "" : "; " + advice),
                e);
    }

    /** Somebody is in a database that was to be dropped, and could not be sent out. */
    static SqlFailure inUse(String what, String sessions, String advice) {
        return new SqlFailure(
                Kind.NeedsAction,
                "55006",
                what + ": not begun, as there are sessions in it that could not be ended: " + sessions
                        + "; end them, or have their clients end them" + advice,
                null);
    }

    static SqlFailure replicated(String what, String slots) {
        return new SqlFailure(
                Kind.NeedsAction,
                "55006",
                what + ": not begun, as its logical replication slots would go with it: " + slots
                        + "; when nobody reads them any more, drop them with pg_drop_replication_slot('<name>')",
                null);
    }

    /** A statement went through with a warning that means it did not do its work. */
    static SqlFailure warning(String what, String state, String text) {
        var kind = state.startsWith("01000") ? Kind.Uncertain : Kind.NeedsAction;
        return new SqlFailure(kind, state, what + ": " + text + " (SQLSTATE " + state + ")", null);
    }

    static SqlFailure fencedOut(long epoch) {
        return new SqlFailure(Kind.FencedOut, "", FENCED_OUT + ", the ledger is at epoch " + epoch, null);
    }

    /** The SQLSTATE, empty where there is none. */
    static String state(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state;
    }

    /** Whether the session is gone, so that a question may be asked again on another one. */
    static boolean sessionLost(SQLException e) {
        var state = state(e);
        return state.startsWith("08") || ENDED.contains(state);
    }

    static Kind kind(String state, String text) {
        if (state.startsWith("08") || state.equals(DRIVER_FAILED)) {
            return Kind.Uncertain;
        }
        if (state.startsWith("40") || state.startsWith("53") || TRANSIENT.contains(state)) {
            return Kind.Transient;
        }
        if (state.equals("XX000") && text.contains("concurrently updated")) {
            return Kind.Transient;
        }
        return NEEDS_ACTION.contains(state) ? Kind.NeedsAction : Kind.Bug;
    }

    /** The server's own words, without the statement: it may hold a verifier. */
    static String serverMessage(SQLException e) {
        if (e instanceof org.postgresql.util.PSQLException p && p.getServerErrorMessage() != null) {
            var message = p.getServerErrorMessage().getMessage();
            var detail = p.getServerErrorMessage().getDetail();
            return detail == null
                    ? String.valueOf(message)
                    : message + " (" + detail.lines().findFirst().orElse("") + ")";
        }
        var message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    public Kind kind() {
        return kind;
    }

    public String sqlState() {
        return sqlState;
    }

    /** Its line in the ledger's journal, {@code null} where it has none. */
    public @Nullable Long journal() {
        return journal;
    }

    /** The message, always there. */
    public String explanation() {
        var message = getMessage();
        return message == null ? sqlState : message;
    }
}
