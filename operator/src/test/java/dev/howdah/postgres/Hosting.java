// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server under Howdah, for tests outside of this package: all that is done here, its own code does. */
public final class Hosting implements AutoCloseable {
    private final Ground ground;
    private HostedServer server;

    private Hosting(Ground ground) {
        this.ground = ground;
        this.server = ground.open();
    }

    public static Hosting on(TestPostgres postgres, boolean superuser) {
        return new Hosting(Ground.on(postgres, superuser ? AdminKind.SUPERUSER : AdminKind.PLAIN));
    }

    /** The first column of the first row of the last result. */
    public static @Nullable String first(Connection connection, String sql) throws SQLException {
        return Ground.first(connection, sql);
    }

    public PostgresLogin admin() {
        return ground.admin();
    }

    public HostedServer server() {
        return server;
    }

    /** With new sessions, and all questions of a beginning. */
    public void reopen() {
        server.close();
        server = ground.open();
    }

    /** A claim that is not there yet. */
    public Claim claim(String namespace, String name) {
        return new Claim(new TestClaim(ground, server, namespace, name));
    }

    /** As an application finds it that read the Secret. */
    public final class Claim {
        private final TestClaim claim;

        private Claim(TestClaim claim) {
            this.claim = claim;
        }

        /** On the sessions that are open now. */
        private TestClaim now() {
            claim.moveTo(server);
            return claim;
        }

        public String database() {
            return claim.names().database();
        }

        public String ownerGroup() {
            return claim.names().ownerGroup();
        }

        public String databaseRole() {
            return claim.names().databaseRole();
        }

        public String login(String access) {
            return claim.login(access);
        }

        public String password(String access) {
            return claim.secrets.get(access);
        }

        public List<String> roles() {
            return claim.names().roles(List.of("app", "second", "report"));
        }

        public void apply(DatabaseClaimSpec spec) {
            now().with(spec).apply();
        }

        /** The same claim applied again: what it had comes back, and with new passwords. */
        public void restore(DatabaseClaimSpec spec) {
            claim.secrets.clear();
            apply(spec);
        }

        /** From outside and inside, changing nothing. */
        public void look() {
            now().contents();
        }

        /** A Secret that was lost: the published login gets a new password in place. */
        public void resetPasswords() {
            claim.secrets.clear();
            now().apply();
        }

        public LoginProbe.Result probe(String access, String password) {
            return now().probe(access, password);
        }

        public boolean is(@Nullable String state) {
            var row = now().row();
            return row == null ? state == null : row.state().name().equals(state);
        }

        public void retain(@Nullable Duration dropAfter) {
            now().retain(dropAfter);
        }

        public List<String> drop() {
            return now().dropUpTo(plan -> plan);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
