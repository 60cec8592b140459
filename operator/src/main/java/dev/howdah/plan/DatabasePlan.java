// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DatabaseLocale.Provider;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The database itself, seen from outside: it exists, nobody but the claim's groups gets in, and it has its limit
 * and its parameters.
 */
final class DatabasePlan {
    private static final List<String> ENTER = List.of("CONNECT", "TEMPORARY");
    private static final List<String> ADMIN_ENTER = List.of("CONNECT", "CREATE");
    private static final List<String> MAKE_SCHEMAS = List.of("CREATE");
    private static final String PUBLIC = "";

    private DatabasePlan() {}

    /** Whether {@link #make} makes it anew, so that its contents are template0's. */
    static boolean willBeFresh(Observed observed) {
        return observed.database() == null || observed.database().broken();
    }

    /** The database that is there and stays; {@code null} when it is to be made. */
    private static Observed.@Nullable Database kept(Observed observed) {
        return willBeFresh(observed) ? null : observed.database();
    }

    static List<Step> make(Desired desired, Observed observed) {
        var names = desired.names();
        var owner = names.databaseRole();
        var steps = new ArrayList<Step>();
        if (willBeFresh(observed)) {
            if (observed.database() != null) {
                steps.add(new Step.DropDatabase(names.database(), owner));
            }
            steps.add(new Step.CreateDatabase(
                    names.database(), owner, locale(desired.claim().locale(), desired.server())));
        }
        var before = kept(observed);
        if (before == null || !before.grants().getOrDefault(PUBLIC, Set.of()).isEmpty()) {
            steps.add(new Step.RevokePublic(names.database(), owner));
        }
        var server = desired.server();
        if (!server.superuser() && (before == null || !before.grants(server.admin(), ADMIN_ENTER))) {
            steps.add(new Step.GrantOnDatabase(names.database(), owner, ADMIN_ENTER, server.admin()));
        }
        if (before != null && !before.allowConnections()) {
            steps.add(new Step.AllowConnections(names.database(), owner));
        }
        var limit = desired.claim().connections();
        if (before == null || before.connectionLimit() != limit) {
            steps.add(new Step.SetConnectionLimit(names.database(), owner, limit));
        }
        parameters(desired, before == null ? Map.of() : before.parameters(), Adoption.settings(observed), steps);
        return steps;
    }

    /** PostgreSQL keeps the text it was given, and it is always given the same one, so texts are compared. */
    private static void parameters(
            Desired desired, Map<String, String> held, Collection<String> left, List<Step> steps) {
        var names = desired.names();
        var server = desired.server();
        var wanted = desired.claim().parameters();
        for (var name : new TreeSet<>(held.keySet())) {
            if (!wanted.containsKey(name) && server.maySet(name) && !left.contains(name)) {
                steps.add(new Step.ResetDatabaseParameter(
                        names.database(), names.databaseRole(), name, !server.ownerSets(name)));
            }
        }
        wanted.forEach((name, value) -> {
            var values = values(server, name, value);
            if (!held.containsKey(name) || !values.equals(values(server, name, held.getOrDefault(name, "")))) {
                steps.add(new Step.SetDatabaseParameter(
                        names.database(), names.databaseRole(), name, values, !server.ownerSets(name)));
            }
        });
    }

    /** A list of names is told one by one, or PostgreSQL would take it for one name with commas in it. */
    private static List<String> values(ServerFacts server, String name, String value) {
        return ParameterCatalog.of(server.majorVersion())
                        .find(name)
                        .filter(Parameter::quotedList)
                        .isPresent()
                ? NameList.parse(value)
                : List.of(value);
    }

    /** What somebody set on the database that this admin may not reset. */
    static List<String> foreignParameters(Desired desired, Observed observed) {
        var database = kept(observed);
        return database == null
                ? List.of()
                : database.parameters().keySet().stream()
                        .filter(name -> !desired.claim().parameters().containsKey(name)
                                && !desired.server().maySet(name)
                                && !Adoption.settings(observed).contains(name))
                        .sorted()
                        .toList();
    }

    /** The groups' rights on the database: the last thing before logins are opened. */
    static List<Step> open(Desired desired, Observed observed) {
        var names = desired.names();
        var owner = names.databaseRole();
        var before = kept(observed);
        var steps = new ArrayList<Step>();
        for (var group : names.groups()) {
            if (before == null || !before.grants(group, ENTER)) {
                steps.add(new Step.GrantOnDatabase(names.database(), owner, ENTER, group));
            }
        }
        var mayCreate = before != null && before.grants(names.ownerGroup(), MAKE_SCHEMAS);
        if (desired.claim().ownerMayCreateSchemas() && !mayCreate) {
            steps.add(new Step.GrantOnDatabase(names.database(), owner, MAKE_SCHEMAS, names.ownerGroup()));
        } else if (!desired.claim().ownerMayCreateSchemas() && mayCreate) {
            steps.add(new Step.RevokeOnDatabase(names.database(), owner, MAKE_SCHEMAS, names.ownerGroup()));
        }
        return steps;
    }

    private static Step.CreateDatabase.Locale locale(DatabaseLocale asked, ServerFacts server) {
        var provider = asked.provider() != null
                ? asked.provider()
                : server.builtinLocales() ? Provider.BUILTIN : Provider.LIBC;
        var name = asked.name() != null
                ? asked.name()
                : switch (provider) {
                    case BUILTIN -> "C.UTF-8";
                    case ICU -> "und";
                    case LIBC -> server.libcUtf8();
                };
        return new Step.CreateDatabase.Locale(
                asked.encoding() == null ? "UTF8" : asked.encoding(),
                provider.name().toLowerCase(java.util.Locale.ROOT),
                name);
    }
}
