// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a login that does not get in says about itself, and what about its server. */
class LoginProbeIT {
    @Test
    void a_password_that_is_refused_is_told_from_a_login_that_is() {
        var ground = Ground.of(18, AdminKind.SUPERUSER);
        var none = LoginProbe.probe(ground.target(), "postgres", "nobody of this name", "wrong");
        assertThat(none)
                .isInstanceOfSatisfying(
                        LoginProbe.Result.Fails.class,
                        fails -> assertThat(fails.password()).isTrue());
        ground.asSuperuser(
                "postgres", "CREATE ROLE probed NOLOGIN PASSWORD " + Quoting.literal(Scram.verifier("right")));
        assertThat(LoginProbe.probe(ground.target(), "postgres", "probed", "right"))
                .isInstanceOfSatisfying(
                        LoginProbe.Result.Fails.class,
                        fails -> assertThat(fails.password()).isFalse());
        ground.asSuperuser("postgres", "DROP ROLE probed");
    }

    /** A smart shutdown waits for sessions, ours among them, and lets nobody in meanwhile. */
    @Test
    void a_server_that_shuts_down_says_nothing_about_a_login() throws SQLException {
        try (var postgres = TestPostgres.start(Ground.options(18))) {
            var ground = Ground.on(postgres, AdminKind.SUPERUSER);
            try (var session = postgres.connect("postgres")) {
                ProcessHandle.of(postgres.pid()).orElseThrow().destroy();
                await().untilAsserted(() -> assertThatThrownBy(() -> LoginProbe.probe(
                                ground.target(), "postgres", postgres.superuser(), postgres.superuserPassword()))
                        .isInstanceOfSatisfying(SqlFailure.class, e -> {
                            assertThat(e.sqlState()).isEqualTo("57P03");
                            assertThat(e.kind()).isEqualTo(SqlFailure.Kind.Transient);
                        }));
                assertThat(Ground.first(session, "SELECT 1")).isEqualTo("1");
            }
        }
    }
}
