// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a server proves to be. */
class ServerCertificateIT {
    private static final TestPostgres POSTGRES =
            TestEnvironment.postgres(Ground.options(18).withTls());
    private static final TestPostgres OTHER =
            TestEnvironment.postgres(Ground.options(17).withTls());

    private static ConnectionTarget target(String host, SslMode mode, @Nullable String ca) {
        return new ConnectionTarget(
                host, POSTGRES.port(), "postgres", POSTGRES.superuser(), POSTGRES.superuserPassword(), mode, ca);
    }

    private static void open(ConnectionTarget target) {
        ServerOpening.open(target, Ground.expectation(Ground.HOLDER), InstantSource.system(), new SqlTraffic())
                .close();
    }

    private static void refused(Reason reason, ConnectionTarget target) {
        assertThatThrownBy(() -> open(target))
                .isInstanceOfSatisfying(
                        ServerRefused.class,
                        e -> assertThat(e.reason()).as(e.explanation()).isEqualTo(reason));
    }

    @Test
    void its_own_authority_is_trusted() {
        var ca = POSTGRES.caPem().orElseThrow();
        open(target("127.0.0.1", SslMode.VERIFY_FULL, ca));
        open(target("127.0.0.1", SslMode.VERIFY_CA, ca));
        open(target("127.0.0.1", SslMode.REQUIRE, null));
    }

    @Test
    void another_authority_is_not() {
        refused(
                Reason.CertificateNotTrusted,
                target("127.0.0.1", SslMode.VERIFY_FULL, OTHER.caPem().orElseThrow()));
        refused(
                Reason.CertificateNotTrusted,
                target("127.0.0.1", SslMode.VERIFY_CA, OTHER.caPem().orElseThrow()));
        refused(Reason.CertificateNotTrusted, target("127.0.0.1", SslMode.VERIFY_FULL, null));
        refused(Reason.CertificateNotTrusted, target("127.0.0.1", SslMode.VERIFY_FULL, "not a certificate"));
    }

    @Test
    void another_host_name_is_not() {
        refused(
                Reason.CertificateNotTrusted,
                target("127.1", SslMode.VERIFY_FULL, POSTGRES.caPem().orElseThrow()));
    }

    @Test
    void a_server_without_plain_connections_says_so() {
        refused(Reason.AuthenticationFailed, target("127.0.0.1", SslMode.DISABLE, null));
    }
}
