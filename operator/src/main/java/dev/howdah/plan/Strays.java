// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Finding.Kind;
import dev.howdah.plan.Surroundings.Held;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is there and should not be: attributes, memberships, grants and settings that this operator never gives. */
final class Strays {
    private static final String PUBLIC = "";
    private static final Set<String> OURS_ON_LOGINS = Set.of("search_path", "role");
    private static final List<String> EVERYTHING = List.of("CREATE", "CONNECT", "TEMPORARY");
    private static final List<String> CONNECT = List.of("CONNECT");
    private static final int NAMED = 5;

    private Strays() {}

    static List<Finding> find(Desired agreed, Observed observed, Operators operators) {
        var found = new ArrayList<Finding>();
        logins(agreed, observed, found);
        found.addAll(around(agreed, observed, operators));
        settings(agreed, observed, found);
        parameters(agreed, observed, found);
        passwords(observed, found);
        operators(agreed, observed, operators, found);
        return found;
    }

    /** What would let somebody in who should not be, or further. */
    static List<Finding> around(Desired agreed, Observed observed, Operators operators) {
        var found = new ArrayList<Finding>();
        attributes(observed, found);
        memberships(agreed, observed, operators, found);
        grants(agreed, observed, operators, found);
        return found;
    }

    /** Groups are nobody's login. Logins that are open and should not be are closed by {@link RolePlan}. */
    private static void logins(Desired agreed, Observed observed, List<Finding> found) {
        var names = agreed.names();
        for (var group : names.fixedRoles()) {
            var role = observed.roles().get(group);
            if (role != null && role.login()) {
                found.add(Finding.extra(
                        Kind.ROLE,
                        "\"%s\", which is no login, was made one".formatted(group),
                        new Step.AlterLogin(group, false, -1, null),
                        new Step.EndSessions(List.of(group))));
            }
        }
    }

    private static void attributes(Observed observed, List<Finding> found) {
        for (var role : new TreeSet<>(observed.surroundings().attributes().keySet())) {
            for (var attribute :
                    new TreeSet<>(observed.surroundings().attributes().getOrDefault(role, Set.of()))) {
                var finding = attribute.weakens()
                        ? Finding.missing(
                                Kind.ATTRIBUTE,
                                "\"%s\" was given %s".formatted(role, attribute.words()),
                                new Step.TakeAttribute(role, attribute))
                        : Finding.extra(
                                Kind.ATTRIBUTE,
                                "\"%s\" was given %s".formatted(role, attribute.words()),
                                new Step.TakeAttribute(role, attribute),
                                new Step.EndSessions(List.of(role)));
                found.add(finding);
            }
        }
    }

    private static void memberships(Desired agreed, Observed observed, Operators operators, List<Finding> found) {
        for (var held : observed.surroundings().memberships()) {
            if (!isStray(held, agreed, operators) || wasThereBefore(held, agreed, observed)) {
                continue;
            }
            var ours = agreed.names().fixedRoles().contains(held.member())
                    || agreed.roles().contains(held.member());
            if (ours && held.own() && agreed.names().groups().contains(held.group())) {
                // The planner's own doing, with all that goes along.
                continue;
            }
            var revoke = new Step.RevokeMembership(held.group(), held.member(), held.grantor());
            var what = "\"%s\" was put into \"%s\"".formatted(held.member(), held.group());
            found.add(
                    ours
                            ? Finding.extra(Kind.MEMBERSHIP, what, revoke, new Step.EndSessions(List.of(held.member())))
                            : Finding.extra(Kind.MEMBERSHIP, what, revoke)
                                    .asked(operators.former().contains(held.member())
                                            || readsNoMore(held, agreed, operators)));
        }
    }

    /** A role that is listed with {@code connect} now: what it reads by is taken back as the server object asks. */
    private static boolean readsNoMore(Held held, Desired agreed, Operators operators) {
        return held.group().equals(agreed.names().readOnlyGroup()) && operators.lists(held.member());
    }

    /** Whoever an adopted database belonged to goes on using it, as a member of its owner group. */
    private static boolean wasThereBefore(Held held, Desired agreed, Observed observed) {
        return held.group().equals(agreed.names().ownerGroup()) && Adoption.keeps(observed, held.member());
    }

    /** Whether nobody of ours wants this membership. What the admin holds on roles it made is its own. */
    static boolean isStray(Held held, Desired agreed, Operators operators) {
        var names = agreed.names();
        var roles = agreed.roles();
        if (held.member().equals(agreed.server().admin()) || held.creator() || ProviderRoles.contains(held.member())) {
            return false;
        }
        var groupIsOurs = roles.contains(held.group());
        var memberIsOurs = roles.contains(held.member());
        if (!groupIsOurs && !memberIsOurs) {
            // Of a login that is no longer asked for and could not be dropped yet.
            return false;
        }
        if (!memberIsOurs) {
            return !(held.member().startsWith(names.stem() + "_")
                            && names.groups().contains(held.group()))
                    && !(held.group().equals(names.readOnlyGroup())
                            && operators.readers().contains(held.member()));
        }
        if (held.group().equals(names.ownerGroup()) && held.member().equals(names.databaseRole())) {
            return false;
        }
        return agreed.claim().access().stream()
                .noneMatch(access -> names.logins(access.name()).contains(held.member())
                        && RolePlan.group(names, access.role()).equals(held.group()));
    }

    private static void grants(Desired agreed, Observed observed, Operators operators, List<Finding> found) {
        var database = observed.database();
        if (database == null || database.broken()) {
            return;
        }
        var names = agreed.names();
        var owner = names.databaseRole();
        if (!database.grants(owner, EVERYTHING)) {
            found.add(Finding.missing(
                    Kind.GRANT,
                    "\"%s\" lost rights on its database \"%s\"".formatted(owner, names.database()),
                    new Step.GrantOnDatabase(names.database(), owner, EVERYTHING, owner)));
        }
        for (var grantee : new TreeSet<>(database.grants().keySet())) {
            var held = new TreeSet<>(database.grants().getOrDefault(grantee, Set.of()));
            if (grantee.equals(PUBLIC)
                    || grantee.equals(owner)
                    || grantee.equals(agreed.server().admin())
                    || Adoption.keeps(observed, grantee)
                    || ProviderRoles.contains(grantee)) {
                continue;
            }
            if (names.groups().contains(grantee)) {
                held.removeAll(EVERYTHING);
                if (!grantee.equals(names.ownerGroup())
                        && database.grants().getOrDefault(grantee, Set.of()).contains("CREATE")) {
                    held.add("CREATE");
                }
            } else if (operators.lists(grantee)) {
                held.removeAll(CONNECT);
            }
            if (!held.isEmpty()) {
                var what = "\"%s\" was given %s on database \"%s\""
                        .formatted(grantee, String.join(", ", held), names.database());
                var whole = names.groups().contains(grantee) || operators.lists(grantee);
                found.add(Finding.extra(
                                Kind.GRANT,
                                what,
                                whole
                                        ? new Step.RevokeOnDatabase(names.database(), owner, List.copyOf(held), grantee)
                                        : new Step.RevokeAllOnDatabase(names.database(), owner, grantee))
                        .asked(operators.former().contains(grantee)));
            }
        }
    }

    private static void settings(Desired agreed, Observed observed, List<Finding> found) {
        var names = agreed.names();
        var server = agreed.server();
        var all = observed.surroundings().settings().stream()
                .sorted(Comparator.comparing(Surroundings.Setting::role).thenComparing(Surroundings.Setting::database))
                .toList();
        for (var setting : all) {
            var own = setting.database().equals(names.database())
                    && !names.fixedRoles().contains(setting.role());
            var extra = new TreeSet<>(setting.names());
            if (own) {
                extra.removeAll(OURS_ON_LOGINS);
            }
            var may = new TreeSet<>(extra);
            may.removeIf(name -> !setting.unread() && !server.maySet(name));
            if (!may.isEmpty()) {
                var steps = new ArrayList<Step>();
                steps.add(new Step.ResetRoleSettings(setting.role(), setting.database()));
                if (own) {
                    steps.addAll(RolePlan.settings(agreed, forgetting(observed, setting.role())));
                }
                found.add(new Finding(Kind.SETTING, words(setting, may), steps, false, false, false));
            }
            extra.removeAll(may);
            if (!extra.isEmpty()) {
                found.add(Finding.extra(
                                Kind.SETTING,
                                words(setting, extra),
                                new Step.ResetRoleSettings(setting.role(), setting.database()))
                        .beyond(true));
            }
        }
    }

    /** What this admin may not reset. The rest is the planner's. */
    private static void parameters(Desired agreed, Observed observed, List<Finding> found) {
        for (var parameter : DatabasePlan.foreignParameters(agreed, observed)) {
            var step = new Step.ResetDatabaseParameter(
                    agreed.names().database(), agreed.names().databaseRole(), parameter, true);
            found.add(Finding.extra(
                            Kind.SETTING, "%s of database \"%s\" was set".formatted(parameter, step.database()), step)
                    .beyond(true));
        }
    }

    /** As it will be once everything that is set for the role is reset. */
    private static Observed forgetting(Observed observed, String role) {
        var settings = new java.util.HashMap<>(observed.settings());
        settings.remove(role);
        return new Observed(observed.row(), observed.roles(), observed.memberships(), settings, observed.database());
    }

    private static String words(Surroundings.Setting setting, Set<String> names) {
        var some = names.stream().limit(NAMED).toList();
        return "%s of \"%s\"%s was set"
                .formatted(
                        String.join(", ", some)
                                + (names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : ""),
                        setting.role(),
                        setting.database().isEmpty() ? "" : " in database \"" + setting.database() + "\"");
    }

    private static void passwords(Observed observed, List<Finding> found) {
        for (var login : new TreeSet<>(observed.surroundings().changedPasswords())) {
            found.add(Finding.missing(Kind.PASSWORD, "the password of \"%s\" was changed".formatted(login)));
        }
    }

    /** What operator roles that exist still lack. */
    private static void operators(Desired agreed, Observed observed, Operators operators, List<Finding> found) {
        var database = observed.database();
        if (database == null || database.broken()) {
            return;
        }
        var names = agreed.names();
        for (var role : new TreeSet<>(operators.listed())) {
            if (!observed.surroundings().operators().contains(role)) {
                continue;
            }
            found.addAll(
                    lacking(names.database(), names.databaseRole(), names.readOnlyGroup(), role, observed, operators));
        }
    }

    private static List<Finding> lacking(
            String name, String owner, String readers, String role, Observed observed, Operators operators) {
        var lacking = new ArrayList<Finding>();
        var database = observed.database();
        if (database != null && !database.grants(role, CONNECT)) {
            lacking.add(Finding.extra(
                            Kind.OPERATOR,
                            "operator role \"%s\" may not connect to database \"%s\"".formatted(role, name),
                            new Step.GrantOnDatabase(name, owner, CONNECT, role))
                    .asked(true));
        }
        var reads = observed.surroundings().memberships().stream()
                .anyMatch(held -> held.group().equals(readers) && held.member().equals(role));
        if (operators.readers().contains(role) && !reads) {
            lacking.add(Finding.extra(
                            Kind.OPERATOR,
                            "operator role \"%s\" is not in \"%s\"".formatted(role, readers),
                            new Step.GrantRole(readers, role, true))
                    .asked(true));
        }
        return lacking;
    }

    /** Schemas of the claim that belong to somebody else now. What is granted on them is the team's own affair. */
    static List<Finding> inside(Desired agreed, Contents contents) {
        var names = agreed.names();
        var found = new ArrayList<Finding>();
        for (var name : agreed.claim().schemas()) {
            var schema = contents.schemas().get(name);
            if (schema != null
                    && !schema.owner().equals(names.ownerGroup())
                    && !schema.owner().equals(ContentsPlan.TEMPLATE_OWNER)) {
                found.add(Finding.missing(
                        Kind.SCHEMA,
                        "schema \"%s\" was given to \"%s\"".formatted(name, schema.owner()),
                        new Step.TakeSchemaBack(names.database(), name, names.ownerGroup())));
            }
        }
        return found;
    }
}
