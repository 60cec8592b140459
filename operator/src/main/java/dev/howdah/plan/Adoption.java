// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.policy.ClaimNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way of a database that somebody else made to a claim. Nobody is locked out on it: former owners become members of
 * the owner group before anything is taken from them, and whoever uses the database keeps the right to connect. What
 * changes hands does so in an order in which nothing that is in use loses a right it needs: schemas, tables, all others.
 */
public final class Adoption {
    private static final int HASH_BYTES = 10;

    private Adoption() {}

    /** What comes of planning one. */
    public sealed interface Outcome {
        /**
         * It can be done.
         *
         * @param lines what would be done, for people; the hash is theirs
         * @param begin the ledger's word, the roles, and the way in; one transaction
         */
        record Ready(String hash, List<String> lines, Plan begin, Adopted adopted) implements Outcome {}

        record Blocked(Conflict conflict) implements Outcome {}
    }

    /** Plans the whole of it, for a claim without a row. */
    public static Outcome plan(Desired desired, Observed observed, @Nullable Brownfield found) {
        var blocked = blocked(desired, observed, found);
        if (blocked != null || found == null || observed.database() == null) {
            return new Outcome.Blocked(blocked == null ? missing(desired) : blocked);
        }
        var names = desired.names();
        var lines = new ArrayList<String>();
        formerOwners(desired, found)
                .forEach(owner -> lines.add(
                        "make %s a member of %s: it can do what it could".formatted(owner, names.ownerGroup())));
        handed(desired, found).forEach(lines::add);
        lines.add("make %s the owner of the database, which was %s's".formatted(names.databaseRole(), found.owner()));
        var keeps = keeps(desired, found);
        if (!keeps.isEmpty()) {
            lines.add("let in as before: " + String.join(", ", keeps) + "; other roles no longer come in by PUBLIC");
        }
        var settings =
                List.copyOf(new TreeSet<>(observed.database().parameters().keySet()));
        var draft = new Adopted(
                found.owner(), "", keeps, List.copyOf(found.extensions().keySet()), settings);
        var after = taken(desired, observed, draft);
        if (Planner.prepare(desired, after, contents(desired, found)) instanceof Planner.Outcome.Steps(var rest)) {
            rest.steps().stream().map(Step::summary).distinct().forEach(lines::add);
        }
        settings.stream()
                .filter(setting -> !desired.claim().parameters().containsKey(setting))
                .forEach(setting -> lines.add("leave the setting %s of the database as it is".formatted(setting)));
        found.extensions()
                .forEach((name, extension) -> lines.add(
                        "leave extension %s %s in schema %s".formatted(name, extension.version(), extension.schema())));
        found.others().forEach(other -> lines.add("leave " + other));
        var hash = hash(lines);
        var adopted = new Adopted(found.owner(), hash, keeps, draft.extensions(), settings);
        var begin = new ArrayList<Step>();
        begin.add(new Step.AdoptClaim(
                desired.identity(),
                names.database(),
                desired.roles(),
                desired.claim().demand(),
                adopted));
        begin.addAll(RolePlan.make(desired, observed));
        begin.addAll(admit(desired, found));
        return new Outcome.Ready(hash, List.copyOf(lines), new Plan(begin), adopted);
    }

    /** Whether the row is of an adoption that is under way: it goes on as it was consented to. */
    public static boolean underWay(@Nullable LedgerClaim row) {
        return row != null
                && row.history().adopted() != null
                && row.accepted() == null
                && row.state() == State.Provisioning;
    }

    /** What is left to be done outside before objects change hands; all of it may have been done. */
    public static Plan goOn(Desired desired, Observed observed, Brownfield found) {
        var steps = new ArrayList<>(RolePlan.make(desired, observed));
        if (!found.owner().equals(desired.names().databaseRole())) {
            steps.addAll(admit(desired, found));
        }
        return new Plan(steps);
    }

    /** What changes hands inside, each by itself or, after the tables, all together. */
    public static List<Step.TakeObject> inside(Desired desired, Brownfield found) {
        var names = desired.names();
        var steps = new ArrayList<Step.TakeObject>();
        for (var object : mine(desired, found)) {
            steps.add(new Step.TakeObject(
                    names.database(),
                    object.kind(),
                    object.identity(),
                    found.ownerOf(object),
                    borrow(found, found.ownerOf(object)),
                    receiver(desired, object)));
        }
        return steps;
    }

    /** The last step: from then on it is the claim's like any other. Empty when it was done. */
    public static Plan finish(Desired desired, Observed observed, Brownfield found) {
        var names = desired.names();
        var row = observed.row();
        var adopted = row == null ? null : row.history().adopted();
        return found.owner().equals(names.databaseRole()) || adopted == null
                ? Plan.EMPTY
                : new Plan(List.of(new Step.TakeDatabase(
                        names.database(),
                        found.owner(),
                        borrow(found, found.owner()),
                        names.databaseRole(),
                        adopted.keeps())));
    }

    /** Settings of the database that were there before and are nobody's to reset. */
    static Collection<String> settings(Observed observed) {
        var adopted = adopted(observed);
        return adopted == null ? List.of() : adopted.settings();
    }

    /** Whether a role used the database before and goes on doing so. */
    static boolean keeps(Observed observed, String role) {
        var adopted = adopted(observed);
        return adopted != null
                && (adopted.owner().equals(role) || adopted.keeps().contains(role));
    }

    /** Extensions that were there before and are nobody's to drop. */
    static Collection<String> extensions(Observed observed) {
        var adopted = adopted(observed);
        return adopted == null ? List.of() : adopted.extensions();
    }

    /** What it brought along and nobody asks for. {@code contents} only at the first time: schemas are found there. */
    static List<UnmanagedObject> broughtAlong(Desired desired, Observed observed, @Nullable Contents contents) {
        var left = new ArrayList<UnmanagedObject>();
        if (adopted(observed) == null) {
            return left;
        }
        if (contents != null) {
            new TreeSet<>(contents.schemas().keySet())
                    .stream()
                            .filter(schema -> !desired.claim().schemas().contains(schema)
                                    && !schema.equals(Planner.EXTENSIONS_SCHEMA))
                            .forEach(schema -> left.add(Unmanaged.schemaBroughtAlong(schema)));
        }
        extensions(observed).stream()
                .filter(name -> !Planner.wantedExtensions(desired).contains(name))
                .forEach(name -> left.add(Unmanaged.extensionBroughtAlong(name)));
        var database = observed.database();
        settings(observed).stream()
                .filter(name -> !desired.claim().parameters().containsKey(name)
                        && (database == null || database.parameters().containsKey(name)))
                .forEach(name -> left.add(Unmanaged.parameterBroughtAlong(name)));
        return left;
    }

    private static @Nullable Adopted adopted(Observed observed) {
        return observed.row() == null ? null : observed.row().history().adopted();
    }

    private static @Nullable Conflict blocked(Desired desired, Observed observed, @Nullable Brownfield found) {
        var names = desired.names();
        var database = observed.database();
        if (ClaimNames.reserved(names.database()) || names.rolesReserved() || (found != null && found.template())) {
            return new Conflict(
                    Reason.DatabaseConflict,
                    "the database \"%s\" can never be adopted: it is PostgreSQL's, a provider's, ours, a template, or its roles would have to begin with pg_. Take the pair out of `spec.adoptions`"
                            .formatted(names.database()));
        }
        if (database == null || database.broken()) {
            return missing(desired);
        }
        if (found == null) {
            return new Conflict(
                    Reason.AwaitingConsent,
                    "the database \"%s\" cannot be looked into yet".formatted(names.database()));
        }
        var roles = Ownership.foreignRoles(desired, observed, List.of());
        if (roles != null) {
            return roles;
        }
        var unreachable = owners(desired, found).stream()
                .filter(owner -> !reachable(found, owner))
                .toList();
        if (!unreachable.isEmpty()) {
            var statements = unreachable.stream()
                    .flatMap(owner -> found.ways().getOrDefault(owner, List.of()).stream())
                    .toList();
            return new Conflict(
                    Reason.InsufficientPrivilege,
                    "the database \"%s\" cannot be adopted yet: the admin \"%s\" cannot take over what %s own%s there. As a superuser run: %s"
                            .formatted(
                                    names.database(),
                                    desired.server().admin(),
                                    String.join(", ", unreachable),
                                    unreachable.size() == 1 ? "s" : "",
                                    String.join("; ", statements)));
        }
        if (found.sessions() > desired.claim().connections()) {
            return new Conflict(
                    Reason.AwaitingConsent,
                    "the database \"%s\" has %d sessions now and the claim asks for %d connections: its applications would be refused. Raise `spec.connections` first"
                            .formatted(
                                    names.database(),
                                    found.sessions(),
                                    desired.claim().connections()));
        }
        return null;
    }

    private static Conflict missing(Desired desired) {
        return new Conflict(
                Reason.DatabaseMissing,
                "`spec.adoptions` of the server names the database \"%s\" for this claim, and there is none; it is not replaced by an empty one. Correct the pair, or take it out to have a new database made"
                        .formatted(desired.names().database()));
    }

    /** Who owns the database or something in it, our own roles apart. */
    private static Set<String> owners(Desired desired, Brownfield found) {
        var owners = new TreeSet<String>();
        owners.add(found.owner());
        mine(desired, found).forEach(object -> owners.add(found.ownerOf(object)));
        owners.removeAll(desired.roles());
        return owners;
    }

    private static boolean reachable(Brownfield found, String role) {
        var known = found.roles().get(role);
        return known != null && known.reachable();
    }

    private static boolean borrow(Brownfield found, String role) {
        var known = found.roles().get(role);
        return known == null || !known.inherited();
    }

    private static List<String> formerOwners(Desired desired, Brownfield found) {
        return owners(desired, found).stream()
                .filter(owner -> !isSuperuser(found, owner))
                .toList();
    }

    private static boolean isSuperuser(Brownfield found, String role) {
        var known = found.roles().get(role);
        return known != null && known.superuser();
    }

    private static List<String> keeps(Desired desired, Brownfield found) {
        var keeps = new TreeSet<>(found.users());
        keeps.addAll(owners(desired, found));
        keeps.removeAll(desired.roles());
        keeps.removeIf(role -> isSuperuser(found, role) || role.startsWith("pg_"));
        return List.copyOf(keeps);
    }

    /** What is not where it belongs yet. */
    private static List<Brownfield.Owned> mine(Desired desired, Brownfield found) {
        return found.objects().stream()
                .filter(object -> !object.owner().equals(receiver(desired, object)))
                .toList();
    }

    /** The schema for extensions is the admin's, so that no tenant can drop it; what is in it follows no other rule. */
    private static String receiver(Desired desired, Brownfield.Owned object) {
        return object.kind().equals("SCHEMA") && object.schema().equals(Planner.EXTENSIONS_SCHEMA)
                ? desired.server().admin()
                : desired.names().ownerGroup();
    }

    private static List<Step> admit(Desired desired, Brownfield found) {
        var names = desired.names();
        var steps = new ArrayList<Step>();
        formerOwners(desired, found).forEach(owner -> steps.add(new Step.GrantRole(names.ownerGroup(), owner, true)));
        steps.add(new Step.AdmitToDatabase(
                names.database(), found.owner(), borrow(found, found.owner()), names.ownerGroup()));
        return steps;
    }

    /** Groups in words, counted: what is consented to is how much of whose changes hands, where. */
    private static List<String> handed(Desired desired, Brownfield found) {
        record Group(String kind, String schema, String owner, String to) {}
        Map<Group, Long> groups = mine(desired, found).stream()
                .collect(groupingBy(
                        object -> new Group(
                                object.kind().toLowerCase(Locale.ROOT),
                                object.schema(),
                                found.ownerOf(object),
                                receiver(desired, object)),
                        LinkedHashMap::new,
                        counting()));
        var lines = new ArrayList<String>();
        groups.forEach((group, count) -> lines.add(
                group.kind().equals("schema")
                        ? "hand schema %s of %s to %s".formatted(group.schema(), group.owner(), group.to())
                        : "hand %d × %s in schema %s of %s to %s"
                                .formatted(count, group.kind(), group.schema(), group.owner(), group.to())));
        return lines;
    }

    /** The same once everything has changed hands, for the planner to say what else it would do. */
    private static Observed taken(Desired desired, Observed observed, Adopted adopted) {
        var database = observed.database();
        return new Observed(
                new LedgerClaim(
                        desired.identity(),
                        desired.names().database(),
                        desired.roles(),
                        State.Provisioning,
                        desired.claim().storage(),
                        desired.claim().connections(),
                        null,
                        null,
                        Map.of(),
                        new LedgerClaim.History(null, null, null, false, adopted)),
                observed.roles(),
                observed.memberships(),
                observed.settings(),
                database == null
                        ? null
                        : new Observed.Database(
                                desired.names().databaseRole(),
                                database.connectionLimit(),
                                database.allowConnections(),
                                database.grants(),
                                database.parameters()));
    }

    private static Contents contents(Desired desired, Brownfield found) {
        var schemas = new LinkedHashMap<String, Contents.Schema>();
        found.schemas()
                .keySet()
                .forEach(schema ->
                        schemas.put(schema, new Contents.Schema(desired.names().ownerGroup(), Map.of())));
        return new Contents(schemas, found.extensions(), new HashSet<>());
    }

    private static String hash(List<String> lines) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
