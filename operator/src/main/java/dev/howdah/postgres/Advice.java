// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Plan;
import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import dev.howdah.plan.VisibleText;
import dev.howdah.policy.ClaimNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a refusal that somebody else has to clear away. PostgreSQL speaks many languages, so a failure is told
 * by its SQLSTATE and by the name it mentions.
 */
final class Advice {
    private static final String WRONG_KIND = "42809";
    private static final String IN_USE = "55006";
    private static final String NOT_ALLOWED = "42501";
    private static final String INVALID_VALUE = "22023";
    private static final String NOT_NOW = "55P02";
    private static final String NOT_THERE = "42704";
    private static final String NO_SUCH_OPTION = "42601";
    private static final String NO_SUCH_PROVIDER = "42P17";

    /** No such locale, no such provider, an encoding that does not go with it, no such encoding. */
    private static final Set<String> LOCALE = Set.of(WRONG_KIND, NO_SUCH_PROVIDER, INVALID_VALUE, NOT_THERE);

    private Advice() {}

    /** What to do about a step that was refused, {@code null} where the server's own words have to do. */
    static @Nullable String on(SQLException e, List<Step> steps, ServerFacts server) {
        var state = SqlFailure.state(e);
        var text = SqlFailure.serverMessage(e);
        for (var step : steps) {
            var advice = switch (step) {
                case Step.AboutParameter s when text.contains(s.parameter()) -> on(state, s, server);
                case Step.CreateExtension s when text.contains(s.extension()) -> on(state, s, server);
                case Step.CreateDatabase s -> on(state, s, server);
                case Step.DropDatabase s -> on(state, text, s);
                case Step.UpdateExtension s when text.contains(s.extension()) -> on(state, s);
                default -> null;
            };
            if (advice != null) {
                return advice;
            }
        }
        return null;
    }

    /** The same, after asking on {@code session} who it is that does not let go. */
    static @Nullable String on(
            SQLException e, Plan.Batch batch, HostedServer server, Session session, ClaimNames names) {
        if (!SqlFailure.state(e).equals(SqlFailure.LOCKED)) {
            return on(e, batch.steps(), server.facts());
        }
        try {
            var prepared = Batches.run(session, Catalogs.preparedIn(names.database()));
            return prepared == null
                    ? null
                    : "a prepared transaction may hold what this has to change, and it stays until somebody ends it: in database %s, as its owner or a superuser, COMMIT PREPARED or ROLLBACK PREPARED for %s"
                            .formatted(Quoting.identifier(names.database()), VisibleText.of(prepared));
        } catch (SQLException unanswered) {
            return null;
        }
    }

    /** What would let the admin end the sessions that stand in the way of a drop. */
    static String onSessions(HostedServer server) {
        return server.mayEndSessions()
                ? ""
                : "; or, as a superuser, run: GRANT pg_signal_backend TO %s, which lets it end those that are no superuser's"
                        .formatted(Quoting.identifier(server.facts().admin()));
    }

    /** A locale is the class's word and the server's to know. */
    private static @Nullable String on(String state, Step.CreateDatabase s, ServerFacts server) {
        return LOCALE.contains(state) || (state.equals(NO_SUCH_OPTION) && !server.builtinLocales())
                ? "the server does not make databases with encoding %s and locale \"%s\" of provider %s; correct `locale` of the class, or have the locale installed on the server"
                        .formatted(
                                s.locale().encoding(),
                                s.locale().name(),
                                s.locale().provider())
                : null;
    }

    private static @Nullable String on(String state, String text, Step.DropDatabase s) {
        var database = Quoting.identifier(s.database());
        if (state.equals(WRONG_KIND)) {
            return "somebody marked it as a template, which guards it from being dropped; to let it go, run: ALTER DATABASE %s IS_TEMPLATE false"
                    .formatted(database);
        }
        if (state.equals(IN_USE) && text.contains("prepared transaction")) {
            return "as a superuser, run: ALTER DATABASE %s ALLOW_CONNECTIONS true; then, in that database, ROLLBACK PREPARED for each gid that pg_prepared_xacts lists for it"
                    .formatted(database);
        }
        return null;
    }

    private static @Nullable String on(String state, Step.AboutParameter s, ServerFacts server) {
        return switch (state) {
            case NOT_ALLOWED ->
                "as a superuser, run: GRANT SET ON PARAMETER %s TO %s; or leave `parameters.%s` out"
                        .formatted(
                                Quoting.identifier(s.parameter()), Quoting.identifier(server.admin()), s.parameter());
            case INVALID_VALUE, NOT_NOW, NOT_THERE ->
                "correct or leave out `parameters.%s` where it was set: claim, class or policy"
                        .formatted(s.parameter());
            default -> null;
        };
    }

    private static @Nullable String on(String state, Step.CreateExtension s, ServerFacts server) {
        return switch (state) {
            case NOT_ALLOWED ->
                "it takes a superuser, which the admin %s is not: as one, run in database %s: CREATE EXTENSION %s%s%s; or use a server whose admin is superuser"
                        .formatted(
                                Quoting.identifier(server.admin()),
                                Quoting.identifier(s.database()),
                                Quoting.identifier(s.extension()),
                                s.schema() == null ? "" : " SCHEMA " + Quoting.identifier(s.schema()),
                                s.version() == null ? "" : " VERSION " + Quoting.literal(s.version()));
            case INVALID_VALUE ->
                "the server has no way to version %s of it; ask for another, or for none to get the default"
                        .formatted(s.version());
            default -> null;
        };
    }

    private static @Nullable String on(String state, Step.UpdateExtension s) {
        return switch (state) {
            case INVALID_VALUE ->
                "version %s is installed and the server has no update path to %s; which paths there are, pg_extension_update_paths('%s') says. Ask for a version that has one, or for none to stay at %1$s"
                        .formatted(s.installed(), s.version(), s.extension());
            case NOT_ALLOWED ->
                "it was installed by another role: as that role or a superuser, run in database %s: ALTER EXTENSION %s UPDATE TO %s"
                        .formatted(
                                Quoting.identifier(s.database()),
                                Quoting.identifier(s.extension()),
                                Quoting.literal(s.version()));
            default -> null;
        };
    }
}
