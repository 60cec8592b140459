// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed.Membership;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server in memory, as far as the planner sees one: steps change it as they would a real one. */
public final class World {
    private static final Instant DELETED = Instant.parse("2026-11-24T12:00:00Z");
    private static final int BROKEN = -2;

    private @Nullable LedgerClaim row;
    private final Map<String, Observed.Role> roles = new TreeMap<>();
    private final Set<Membership> memberships = new HashSet<>();
    private final Map<String, Map<String, String>> settings = new TreeMap<>();
    private Observed.@Nullable Database database;
    private final Map<String, Contents.Schema> schemas = new TreeMap<>();
    private final Map<String, Contents.Extension> extensions = new TreeMap<>();
    private final Set<String> defaultPrivileges = new HashSet<>();
    private final Set<String> inUse = new HashSet<>();
    private final Set<String> stuck = new HashSet<>();

    public Observed observed() {
        var held = new HashMap<String, Map<String, String>>();
        settings.forEach((role, values) -> held.put(role, Map.copyOf(values)));
        // All of them the admin's own doing.
        var granted = memberships.stream()
                .map(m -> new Surroundings.Held(m.group(), m.member(), "platform", true, false))
                .toList();
        return new Observed(
                row,
                Map.copyOf(roles),
                Set.copyOf(memberships),
                held,
                database,
                new Surroundings(granted, Map.of(), List.of(), Set.of(), Set.of(), Set.of(), false));
    }

    public Contents contents() {
        return new Contents(Map.copyOf(schemas), Map.copyOf(extensions), Set.copyOf(defaultPrivileges));
    }

    public void breakDatabase() {
        changeDatabase(d -> new Observed.Database(d.owner(), BROKEN, d.allowConnections(), d.grants(), d.parameters()));
    }

    public void loseDatabase() {
        database = null;
        forgetContents();
    }

    public void foreignDatabase(String owner) {
        database = new Observed.Database(owner, -1, true, Map.of("", Set.of("CONNECT", "TEMPORARY")), Map.of());
    }

    public void foreignRole(String role) {
        roles.put(role, new Observed.Role(false, -1));
    }

    /** By somebody who may. */
    public void foreignParameters(Map<String, String> set) {
        changeParameters(parameters -> parameters.putAll(set));
    }

    /** Dropping it would fail, as it owns something in another database. */
    public void stick(String role) {
        stuck.add(role);
    }

    /** Roles that are there after a plan that drops them. */
    public List<String> leftBy(Plan plan) {
        return plan.steps().stream()
                .flatMap(step -> step instanceof Step.DropRoles drop ? drop.roles().stream() : Stream.of())
                .filter(stuck::contains)
                .toList();
    }

    /** Dropping it would fail, as something depends on it. */
    public void use(String extension) {
        inUse.add(extension);
    }

    public void fill(String extension) {
        extensions.computeIfPresent(extension, (_, e) -> new Contents.Extension(e.version(), e.schema(), true));
    }

    public void run(Plan plan) {
        plan.steps().forEach(this::run);
    }

    private void run(Step step) {
        switch (step) {
            case Step.ReserveClaim s ->
                row = new LedgerClaim(
                        s.identity(),
                        s.database(),
                        s.roles(),
                        State.Provisioning,
                        s.demand().storage(),
                        s.demand().connections(),
                        null,
                        null,
                        Map.of());
            case Step.AdoptClaim _, Step.AdmitToDatabase _, Step.TakeDatabase _, Step.TakeObject _ ->
                throw new IllegalStateException("nothing is adopted here");
            case Step.RebindClaim s ->
                changeRow(r -> new LedgerClaim(
                        new Desired.ClaimIdentity(
                                s.identity().uid(),
                                r.identity().namespace(),
                                r.identity().namespaceUid(),
                                r.identity().name()),
                        r.database(),
                        s.roles(),
                        s.state(),
                        r.storage(),
                        r.connections(),
                        r.accepted(),
                        null,
                        r.logins()));
            case Step.RecordReservation s ->
                changeRow(r -> new LedgerClaim(
                        r.identity(),
                        r.database(),
                        s.roles(),
                        r.state(),
                        s.demand().storage(),
                        s.demand().connections(),
                        r.accepted(),
                        r.dropAfter(),
                        r.logins()));
            case Step.RecordAccepted s ->
                changeRow(r -> new LedgerClaim(
                        r.identity(),
                        r.database(),
                        r.roles(),
                        State.Active,
                        s.accepted().claim().storage(),
                        s.accepted().claim().connections(),
                        s.accepted(),
                        null,
                        r.logins()));
            case Step.RecordLogin s -> changeLogins(logins -> logins.put(s.access(), s.login()));
            case Step.ForgetLogin s -> changeLogins(logins -> logins.remove(s.access()));
            case Step.RecordRetained s ->
                changeState(State.Retained, s.dropAfter() == null ? null : DELETED.plus(s.dropAfter()));
            case Step.RecordDropping s ->
                changeRow(r -> {
                    if (r.state() == State.Active) {
                        throw new IllegalStateException("an active claim is dropped");
                    }
                    changeState(State.Dropping, r.dropAfter());
                    return row;
                });
            case Step.ForgetClaim s -> row = null;
            case Step.CreateRole s -> add(s.role(), s.login());
            case Step.AlterLogin s -> roles.put(s.role(), new Observed.Role(s.open(), s.connectionLimit()));
            case Step.GrantRole s -> memberships.add(new Membership(s.group(), s.member(), s.inherit(), true));
            case Step.RevokeRole s ->
                memberships.removeIf(
                        m -> m.group().equals(s.group()) && m.member().equals(s.member()));
            case Step.SetRoleSetting s ->
                settings.computeIfAbsent(s.role(), _ -> new TreeMap<>())
                        .put(s.setting(), String.join(", ", s.values()));
            case Step.ResetRoleSetting s ->
                settings.getOrDefault(s.role(), Map.of()).remove(s.setting());
            case Step.RevokeMembership s ->
                memberships.removeIf(
                        m -> m.group().equals(s.group()) && m.member().equals(s.member()));
            case Step.TakeAttribute s -> {}
            case Step.ResetRoleSettings s -> settings.remove(s.role());
            case Step.RevokeAllOnDatabase s -> changeGrants(s.grantee(), Set::clear);
            case Step.TakeDatabaseBack s ->
                changeDatabase(d -> new Observed.Database(
                        s.databaseRole(), d.connectionLimit(), d.allowConnections(), d.grants(), d.parameters()));
            case Step.TakeSchemaBack s ->
                schemas.computeIfPresent(s.schema(), (_, held) -> new Contents.Schema(s.owner(), held.grants()));
            case Step.EndSessions s -> {}
            case Step.EndDatabaseSessions s -> {}
            case Step.DropRoles s -> s.roles().forEach(this::dropRole);
            case Step.ForgetRoles s ->
                changeRow(r -> new LedgerClaim(
                        r.identity(),
                        r.database(),
                        r.roles().stream()
                                .filter(role -> !s.roles().contains(role) || roles.containsKey(role))
                                .toList(),
                        r.state(),
                        r.storage(),
                        r.connections(),
                        r.accepted(),
                        r.dropAfter(),
                        r.logins()));
            case Step.SetDatabaseParameter s ->
                changeParameters(parameters -> parameters.put(s.parameter(), String.join(", ", s.values())));
            case Step.ResetDatabaseParameter s -> changeParameters(parameters -> parameters.remove(s.parameter()));
            case Step.CreateDatabase s -> create(s);
            case Step.RevokePublic s -> changeGrants("", grants -> grants.clear());
            case Step.GrantOnDatabase s -> changeGrants(s.grantee(), grants -> grants.addAll(s.privileges()));
            case Step.RevokeOnDatabase s -> changeGrants(s.grantee(), grants -> grants.removeAll(s.privileges()));
            case Step.SetConnectionLimit s ->
                changeDatabase(d ->
                        new Observed.Database(d.owner(), s.limit(), d.allowConnections(), d.grants(), d.parameters()));
            case Step.RefuseConnections s ->
                changeDatabase(
                        d -> new Observed.Database(d.owner(), d.connectionLimit(), false, d.grants(), d.parameters()));
            case Step.AllowConnections s ->
                changeDatabase(
                        d -> new Observed.Database(d.owner(), d.connectionLimit(), true, d.grants(), d.parameters()));
            case Step.DropDatabase s -> loseDatabase();
            case Step.DropTemplatePublicSchema s -> schemas.remove("public");
            case Step.CreateSchema s -> schemas.put(s.schema(), new Contents.Schema(s.owner(), Map.of()));
            case Step.CreateExtensionsSchema s -> schemas.put(s.schema(), new Contents.Schema("admin", Map.of()));
            case Step.CreateExtension s ->
                extensions.put(
                        s.extension(),
                        new Contents.Extension(version(s), s.schema() == null ? "fixed" : s.schema(), false));
            case Step.UpdateExtension s ->
                extensions.computeIfPresent(
                        s.extension(), (_, e) -> new Contents.Extension(s.version(), e.schema(), e.holdsRows()));
            case Step.DropExtensionIfUnused s -> {
                if (!inUse.contains(s.extension())) {
                    extensions.remove(s.extension());
                }
            }
            case Step.GrantSchemaUsage s -> grantUsage(s);
            case Step.SetDefaultPrivileges s ->
                s.privileges()
                        .forEach(privilege ->
                                defaultPrivileges.add(s.kind().code() + ":" + s.grantee() + ":" + privilege));
            case Step.GrantOnExisting s -> {}
            case Step.HandOver s -> {}
        }
    }

    private void dropRole(String role) {
        if (!stuck.contains(role)) {
            roles.remove(role);
            settings.remove(role);
            memberships.removeIf(m -> m.group().equals(role) || m.member().equals(role));
        }
    }

    static String version(Step.CreateExtension step) {
        return step.version() == null ? "1.0" : step.version();
    }

    private void add(String role, boolean login) {
        if (roles.put(role, new Observed.Role(false, login ? 0 : -1)) != null) {
            throw new IllegalStateException("role " + role + " exists");
        }
    }

    private void create(Step.CreateDatabase step) {
        if (database != null) {
            throw new IllegalStateException("database " + step.database() + " exists");
        }
        database = new Observed.Database(
                step.owner(),
                0,
                true,
                Map.of("", Set.of("CONNECT", "TEMPORARY"), step.owner(), Set.of("CREATE", "CONNECT", "TEMPORARY")),
                Map.of());
        schemas.putAll(Contents.FRESH.schemas());
    }

    private void forgetContents() {
        schemas.clear();
        extensions.clear();
        defaultPrivileges.clear();
        settings.clear();
        inUse.clear();
    }

    private void grantUsage(Step.GrantSchemaUsage step) {
        var schema = schemas.get(step.schema());
        if (schema == null) {
            throw new IllegalStateException("no schema " + step.schema());
        }
        var grants = new HashMap<>(schema.grants());
        grants.put(step.grantee(), Set.of("USAGE"));
        schemas.put(step.schema(), new Contents.Schema(schema.owner(), Map.copyOf(grants)));
    }

    private void changeGrants(String grantee, Consumer<Set<String>> change) {
        changeDatabase(d -> {
            var grants = new HashMap<>(d.grants());
            var held = new HashSet<>(grants.getOrDefault(grantee, Set.of()));
            change.accept(held);
            if (held.isEmpty()) {
                grants.remove(grantee);
            } else {
                grants.put(grantee, Set.copyOf(held));
            }
            return new Observed.Database(
                    d.owner(), d.connectionLimit(), d.allowConnections(), Map.copyOf(grants), d.parameters());
        });
    }

    private void changeParameters(Consumer<Map<String, String>> change) {
        changeDatabase(d -> {
            var parameters = new TreeMap<>(d.parameters());
            change.accept(parameters);
            return new Observed.Database(
                    d.owner(), d.connectionLimit(), d.allowConnections(), d.grants(), Map.copyOf(parameters));
        });
    }

    private void changeDatabase(UnaryOperator<Observed.Database> change) {
        if (database == null || database.broken()) {
            throw new IllegalStateException("no database to work on");
        }
        database = change.apply(database);
    }

    private void changeState(State state, @Nullable Instant dropAfter) {
        changeRow(r -> new LedgerClaim(
                r.identity(),
                r.database(),
                r.roles(),
                state,
                r.storage(),
                r.connections(),
                r.accepted(),
                dropAfter,
                r.logins()));
    }

    private void changeLogins(Consumer<Map<String, Login>> change) {
        changeRow(r -> {
            var logins = new LinkedHashMap<>(r.logins());
            change.accept(logins);
            return new LedgerClaim(
                    r.identity(),
                    r.database(),
                    r.roles(),
                    r.state(),
                    r.storage(),
                    r.connections(),
                    r.accepted(),
                    r.dropAfter(),
                    Map.copyOf(logins));
        });
    }

    private void changeRow(UnaryOperator<LedgerClaim> change) {
        if (row == null) {
            throw new IllegalStateException("no row to change");
        }
        row = change.apply(row);
    }

    /** Nothing is left of the claim. */
    public boolean empty() {
        return row == null && database == null && roles.isEmpty() && memberships.isEmpty();
    }
}
