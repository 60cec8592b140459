// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim.Access;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The roles of a claim: four fixed ones, and two logins for each access entry, of which one is published. */
final class RolePlan {
    private static final int CLOSED = 0;
    private static final int UNLIMITED = -1;
    private static final Observed.Role CLOSED_LOGIN = new Observed.Role(false, CLOSED);
    private static final String SEARCH_PATH = "search_path";
    private static final String ROLE = "role";
    private static final List<String> SLOTS = List.of("a", "b");

    private RolePlan() {}

    /** Roles that are not there yet, and memberships among them. */
    static List<Step> make(Desired desired, Observed observed) {
        var names = desired.names();
        var steps = new ArrayList<Step>();
        for (var role : desired.roles()) {
            if (!observed.roles().containsKey(role)) {
                steps.add(new Step.CreateRole(role, !names.fixedRoles().contains(role)));
            }
        }
        grant(names.databaseRole(), desired.server().admin(), false, desired, observed, steps);
        grant(names.ownerGroup(), names.databaseRole(), false, desired, observed, steps);
        for (var access : desired.claim().access()) {
            for (var login : names.logins(access.name())) {
                grant(group(names, access.role()), login, true, desired, observed, steps);
            }
        }
        return steps;
    }

    private static void grant(
            String group, String member, boolean inherit, Desired desired, Observed observed, List<Step> steps) {
        var options = desired.server().membershipOptions();
        var held = observed.memberships().stream()
                .anyMatch(m -> m.group().equals(group)
                        && m.member().equals(member)
                        && (!options || (m.inherit() == inherit && m.set())));
        if (!held) {
            steps.add(new Step.GrantRole(group, member, inherit));
        }
    }

    /** Access entries that are gone or have fewer rights now: closed, and their sessions ended, before anything else. */
    static List<Step> close(Desired desired, Observed observed) {
        var steps = new ArrayList<Step>();
        var closing = new ArrayList<Step>();
        var ended = new ArrayList<String>();
        var handedOver = handedOver(desired, observed);
        for (var access : removed(desired, observed)) {
            for (var login : desired.names().logins(access)) {
                if (observed.roles().containsKey(login)) {
                    groups(desired.names(), observed, login)
                            .forEach(group -> steps.add(new Step.RevokeRole(group, login)));
                    closing.add(new Step.AlterLogin(login, false, CLOSED, null));
                    ended.add(login);
                }
            }
        }
        for (var login : strayOpen(desired, observed)) {
            closing.add(new Step.AlterLogin(login, false, CLOSED, null));
            ended.add(login);
        }
        for (var access : desired.claim().access()) {
            for (var login : desired.names().logins(access.name())) {
                var surplus = surplusGroups(desired, observed, access, login);
                if (handedOver.contains(login)) {
                    // Closed until its objects are handed over, or clients that come back at once keep them locked.
                    closing.add(new Step.AlterLogin(login, false, CLOSED, null));
                }
                surplus.forEach(group -> steps.add(new Step.RevokeRole(group, login)));
                if (wasMore(desired, observed, access, surplus)
                        && observed.roles().containsKey(login)) {
                    ended.add(login);
                }
            }
        }
        if (ended.isEmpty()) {
            steps.addAll(closing);
            return steps;
        }
        // Rights first, as nobody but the admin can hold a membership's row: whoever comes back from then on may not
        // connect any more, or has no more than it should. An open transaction may hold the very rows that closing
        // changes, so sessions are ended before; and after, for those that came back.
        var end = new Step.EndSessions(ended);
        steps.add(end);
        steps.addAll(closing);
        steps.add(end);
        return steps;
    }

    /** Those this admin granted. */
    static List<String> groups(ClaimNames names, Observed observed, String login) {
        return observed.surroundings().memberships().stream()
                .filter(held -> held.own()
                        && held.member().equals(login)
                        && names.groups().contains(held.group()))
                .map(Surroundings.Held::group)
                .distinct()
                .sorted()
                .toList();
    }

    /** Open roles that are neither published nor part of a rotation, such as those of a claim that was here before. */
    private static List<String> strayOpen(Desired desired, Observed observed) {
        var stray = new ArrayList<String>();
        for (var access : desired.claim().access()) {
            var published = slot(observed, access);
            var held = held(desired, observed, access);
            for (var slot : SLOTS) {
                var login = desired.names().login(access.name(), slot);
                var role = observed.roles().get(login);
                if (role != null && role.login() && !slot.equals(published) && !(held != null && held.isRotating())) {
                    stray.add(login);
                }
            }
        }
        return stray;
    }

    /** What the ledger knows of an entry's login; {@code null} where it is to be made anew. */
    private static @Nullable Login held(Desired desired, Observed observed, Access access) {
        var row = observed.row();
        return row == null
                        || row.state() != LedgerClaim.State.Active
                        || !row.identity().uid().equals(desired.identity().uid())
                ? null
                : row.logins().get(access.name());
    }

    /** Logins whose own objects, if any, go to the owner group: those that go away or are no longer in it. */
    static List<String> handedOver(Desired desired, Observed observed) {
        var logins = new ArrayList<String>();
        removed(desired, observed)
                .forEach(access -> desired.names().logins(access).stream()
                        .filter(observed.roles()::containsKey)
                        .forEach(logins::add));
        for (var access : desired.claim().access()) {
            for (var login : desired.names().logins(access.name())) {
                var surplus = surplusGroups(desired, observed, access, login);
                var owned = surplus.contains(desired.names().ownerGroup())
                        || (access.role() != AccessRole.Owner && before(observed, access) == AccessRole.Owner);
                if (owned && observed.roles().containsKey(login)) {
                    logins.add(login);
                }
            }
        }
        return logins;
    }

    /** The two roles of each access entry that is gone, once nothing in this database is theirs any more. */
    static List<Step> drop(Desired desired, Observed observed) {
        var steps = new ArrayList<Step>();
        var gone = removed(desired, observed);
        var logins = gone.stream()
                .flatMap(access -> desired.names().logins(access).stream())
                .toList();
        var there = logins.stream().filter(observed.roles()::containsKey).toList();
        if (!there.isEmpty()) {
            steps.add(new Step.DropRoles(there));
        }
        gone.forEach(access -> steps.add(new Step.ForgetLogin(desired.identity().uid(), access)));
        if (!logins.isEmpty()) {
            steps.add(new Step.ForgetRoles(desired.identity().uid(), logins));
        }
        return steps;
    }

    /** Logins that could not be dropped earlier and are not tried again: closed, and told of. */
    static List<String> left(Desired desired, Observed observed) {
        return known(desired, observed).stream()
                .filter(access -> isLeft(desired.names(), observed, access))
                .flatMap(access -> there(desired.names(), observed, access).stream())
                .toList();
    }

    /** What a session of each login starts with in this database. */
    static List<Step> settings(Desired desired, Observed observed) {
        var names = desired.names();
        var steps = new ArrayList<Step>();
        var path = new ArrayList<>(desired.claim().schemas());
        path.add(Planner.EXTENSIONS_SCHEMA);
        for (var access : desired.claim().access()) {
            for (var login : names.logins(access.name())) {
                if (isUnread(observed, login, names.database())) {
                    continue;
                }
                var held = observed.settings().getOrDefault(login, Map.of());
                if (!path.equals(NameList.parse(held.getOrDefault(SEARCH_PATH, "")))) {
                    steps.add(new Step.SetRoleSetting(login, names.database(), SEARCH_PATH, path));
                }
                if (access.role() == AccessRole.Owner) {
                    if (!names.ownerGroup().equals(held.get(ROLE))) {
                        steps.add(new Step.SetRoleSetting(login, names.database(), ROLE, List.of(names.ownerGroup())));
                    }
                } else if (held.containsKey(ROLE)) {
                    steps.add(new Step.ResetRoleSetting(login, names.database(), ROLE));
                }
            }
        }
        return steps;
    }

    /** Nothing is added to what is too long to be read: {@link Strays} clears it away first. */
    private static boolean isUnread(Observed observed, String login, String database) {
        return observed.surroundings().settings().stream()
                .anyMatch(setting -> setting.unread()
                        && setting.role().equals(login)
                        && setting.database().equals(database));
    }

    /** The published logins, with the passwords that are new. */
    static List<Step> open(Desired desired, Observed observed) {
        var steps = new ArrayList<Step>();
        var handedOver = handedOver(desired, observed);
        for (var access : desired.claim().access()) {
            var slot = slot(observed, access);
            var login = desired.names().login(access.name(), slot);
            var limit = limit(access);
            var role = observed.roles().get(login);
            var credential = desired.credentials().get(access.name());
            var asItShould = role != null && role.login() && role.connectionLimit() == limit;
            if (credential != null || !asItShould || handedOver.contains(login)) {
                steps.add(new Step.AlterLogin(login, true, limit, credential));
            }
            var held = held(desired, observed, access);
            if (held != null && held.otherIsOpen()) {
                var other = desired.names().login(access.name(), held.otherSlot());
                var second = observed.roles().get(other);
                if (second == null
                        || !second.login()
                        || second.connectionLimit() != limit
                        || handedOver.contains(other)) {
                    steps.add(new Step.AlterLogin(other, true, limit, null));
                }
            }
            if (credential != null) {
                var recorded = held == null
                        ? new Login(
                                slot,
                                credential.fingerprint(),
                                credential.issued(),
                                desired.asked().after(Login.Handled.NONE),
                                null,
                                null)
                        : held.reset(credential);
                steps.add(new Step.RecordLogin(desired.identity().uid(), access.name(), recorded));
            }
        }
        return steps;
    }

    /** Of the published role, and of the one before as long as it works; the idle one admits nobody. */
    static int limit(Access access) {
        return access.connections() == null ? UNLIMITED : access.connections();
    }

    private static String slot(Observed observed, Access access) {
        var row = observed.row();
        var login = row == null ? null : row.logins().get(access.name());
        return login == null ? SLOTS.getFirst() : login.slot();
    }

    /** Access names that the claim no longer lists and that are still to be cleared away. */
    private static List<String> removed(Desired desired, Observed observed) {
        return known(desired, observed).stream()
                .filter(access -> !isLeft(desired.names(), observed, access))
                .toList();
    }

    private static boolean isLeft(ClaimNames names, Observed observed, String access) {
        var row = observed.row();
        var there = there(names, observed, access);
        return row != null
                && !there.isEmpty()
                && !row.logins().containsKey(access)
                && Unmanaged.roles(row.accepted()).containsAll(there)
                && there.stream()
                        .allMatch(login -> CLOSED_LOGIN.equals(observed.roles().get(login)));
    }

    private static List<String> there(ClaimNames names, Observed observed, String access) {
        return names.logins(access).stream()
                .filter(observed.roles()::containsKey)
                .toList();
    }

    /** Access names the ledger has roles for and the claim no longer lists. */
    private static List<String> known(Desired desired, Observed observed) {
        var row = observed.row();
        if (row == null) {
            return List.of();
        }
        var wanted = desired.accessNames();
        var known = new LinkedHashSet<>(row.logins().keySet());
        known.addAll(accessNamesOf(desired.names(), row.roles()));
        return known.stream()
                .filter(access -> !wanted.contains(access))
                .sorted()
                .toList();
    }

    private static Set<String> accessNamesOf(ClaimNames names, List<String> roles) {
        var prefix = names.stem() + "_";
        var accessNames = new LinkedHashSet<String>();
        for (var role : roles) {
            if (!names.fixedRoles().contains(role)
                    && role.startsWith(prefix)
                    && (role.endsWith("_a") || role.endsWith("_b"))) {
                accessNames.add(role.substring(prefix.length(), role.length() - 2));
            }
        }
        return accessNames;
    }

    private static List<String> surplusGroups(Desired desired, Observed observed, Access access, String login) {
        var wanted = group(desired.names(), access.role());
        return observed.memberships().stream()
                .filter(m -> m.member().equals(login)
                        && desired.names().groups().contains(m.group())
                        && !m.group().equals(wanted))
                .map(Observed.Membership::group)
                .distinct()
                .sorted()
                .toList();
    }

    /** By the ledger's word as well: after a crash the membership may be gone and the rest still to be done. */
    private static boolean wasMore(Desired desired, Observed observed, Access access, List<String> surplus) {
        var before = before(observed, access);
        return (before != null && before.compareTo(access.role()) < 0)
                || Stream.of(AccessRole.values())
                        .filter(role -> role.compareTo(access.role()) < 0)
                        .anyMatch(role -> surplus.contains(group(desired.names(), role)));
    }

    private static @Nullable AccessRole before(Observed observed, Access access) {
        var accepted = observed.row() == null ? null : observed.row().accepted();
        return accepted == null
                ? null
                : accepted.claim().access().stream()
                        .filter(earlier -> earlier.name().equals(access.name()))
                        .map(Access::role)
                        .findFirst()
                        .orElse(null);
    }

    static String group(ClaimNames names, AccessRole role) {
        return switch (role) {
            case Owner -> names.ownerGroup();
            case ReadWrite -> names.readWriteGroup();
            case ReadOnly -> names.readOnlyGroup();
        };
    }
}
