// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.postgres.Hosting;
import dev.howdah.postgres.SqlFailure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Howdah's own code, from opening the server to dropping the database. */
final class HowdahAdministration implements Administration, AutoCloseable {
    static final int CONNECTIONS = 6;

    private static final AccessEntry OWNER = new AccessEntry("app", AccessRole.Owner, true, null, null);
    private static final List<AccessEntry> MORE = List.of(
            OWNER,
            new AccessEntry("second", AccessRole.Owner, null, null, null),
            new AccessEntry("report", AccessRole.ReadOnly, null, null, null));

    private final World world;
    private final Hosting hosting;

    HowdahAdministration(World world) {
        this.world = world;
        this.hosting = Hosting.on(world.postgres(), world.superuser);
    }

    Hosting hosting() {
        return hosting;
    }

    final class Team extends Tenant {
        private final Hosting.Claim claim;

        private Team(Hosting.Claim claim) {
            super(world.postgres());
            this.claim = claim;
        }

        @Override
        String database() {
            return claim.database();
        }

        @Override
        String login() {
            return claim.login("app");
        }

        @Override
        String password() {
            return claim.password("app");
        }

        @Override
        List<String> roles() {
            return claim.roles();
        }

        @Override
        String owner() {
            return claim.ownerGroup();
        }
    }

    private static Hosting.Claim claim(Tenant tenant) {
        return ((Team) tenant).claim;
    }

    /** {@code null} for what is not asked. */
    private static DatabaseClaimSpec spec(
            @Nullable Map<String, String> parameters,
            @Nullable List<ExtensionRequest> extensions,
            @Nullable List<String> schemas,
            @Nullable List<AccessEntry> access) {
        return new DatabaseClaimSpec(null, null, null, CONNECTIONS, parameters, extensions, schemas, access, null);
    }

    private static DatabaseClaimSpec ordinary() {
        return spec(null, null, null, null);
    }

    @Override
    public Team provide(String name) {
        var claim = hosting.claim("attack", name);
        claim.apply(ordinary());
        return new Team(claim);
    }

    @Override
    public @Nullable String visit(Tenant tenant, Habit habit) {
        var claim = claim(tenant);
        try {
            hosting.reopen();
            claim.look();
            claim.apply(spec(
                    Map.of("work_mem", "8MB"),
                    List.of(new ExtensionRequest("hstore", null), new ExtensionRequest("citext", null)),
                    List.of("public", "audit"),
                    MORE));
            claim.resetPasswords();
            claim.look();
            claim.apply(ordinary());
            var server = hosting.server();
            server.readLedger();
            server.databaseSizes();
            server.weaknesses();
            return null;
        } catch (SqlFailure e) {
            return e.explanation();
        }
    }

    @Override
    public @Nullable String request(Tenant tenant, Wish wish, String words) {
        var spec = switch (wish) {
            case SCHEMA -> spec(null, null, List.of("public", words), null);
            case PARAMETER -> spec(Map.of("application_name", words), null, null, null);
            case EXTENSION -> spec(null, List.of(new ExtensionRequest(words, null)), null, null);
            case EXTENSION_VERSION -> spec(null, List.of(new ExtensionRequest("hstore", words)), null, null);
            case ROLE -> null;
        };
        if (spec == null) {
            return "a claim has no words for this";
        }
        try {
            claim(tenant).apply(spec);
            return null;
        } catch (SqlFailure e) {
            return e.explanation();
        } catch (IllegalArgumentException e) {
            // What no PostgreSQL can hold: a NUL.
            return e.getMessage();
        }
    }

    @Override
    public @Nullable String resetPassword(Tenant tenant) {
        try {
            claim(tenant).resetPasswords();
            return null;
        } catch (SqlFailure e) {
            return e.explanation();
        }
    }

    @Override
    public @Nullable String close(Tenant tenant) {
        try {
            claim(tenant).retain(null);
            return null;
        } catch (SqlFailure e) {
            return e.explanation();
        }
    }

    @Override
    public @Nullable String remove(Tenant tenant) {
        try {
            claim(tenant).retain(null);
            var left = claim(tenant).drop();
            return left.isEmpty() ? null : "roles left: " + left;
        } catch (SqlFailure e) {
            return e.explanation();
        }
    }

    /** At a tenant's objects, from outside and inside. */
    void look(Tenant tenant) {
        claim(tenant).look();
    }

    /** The same claim applied again. */
    void restore(Tenant tenant) {
        claim(tenant).restore(ordinary());
    }

    /** After an attack: a claim like any other, that can be worked on and removed. */
    @Nullable
    String settle(Tenant tenant) {
        if (claim(tenant).is(null)) {
            return null;
        }
        restore(tenant);
        return remove(tenant);
    }

    @Override
    public String admin() {
        return hosting.admin().name();
    }

    @Override
    public void close() {
        hosting.close();
    }
}
