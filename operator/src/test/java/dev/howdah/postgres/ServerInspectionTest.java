// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.ServerInspection.ServerJson;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerInspectionTest {
    private static final ConnectionTarget TARGET =
            new ConnectionTarget("pg", 5432, "postgres", "admin", "hidden", SslMode.DISABLE, null);

    private static ServerJson server(int version, String currentUser, boolean superuser, boolean createRole) {
        return new ServerJson(
                version,
                "n",
                false,
                "1",
                "admin",
                currentUser,
                superuser,
                createRole,
                createRole,
                false,
                false,
                superuser,
                Set.of(),
                true);
    }

    private static void refused(ServerJson server, Reason reason) {
        assertThatThrownBy(() -> ServerInspection.require(server, TARGET))
                .isInstanceOfSatisfying(
                        ServerRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @ValueSource(ints = {140_018, 150_009, 160_005, 170_001, 190_000})
    void versions_that_are_refused(int version) {
        refused(server(version, "admin", true, true), Reason.UnsupportedVersion);
    }

    @ParameterizedTest
    @ValueSource(ints = {150_000, 150_010, 160_004, 160_006, 170_000, 170_002, 180_006})
    void versions_that_are_taken(int version) {
        assertThatCode(() -> ServerInspection.require(server(version, "admin", true, false), TARGET))
                .doesNotThrowAnyException();
    }

    @Test
    void a_session_under_another_role_and_an_admin_that_may_too_little() {
        refused(server(180_000, "somebody", true, true), Reason.InsufficientPrivilege);
        refused(server(180_000, "admin", false, false), Reason.InsufficientPrivilege);
    }

    @Test
    void a_packagers_words_are_left_out_of_the_version() {
        var server = new ServerJson(
                180_006,
                "18.6 (Debian 18.6-1)",
                false,
                "1",
                "admin",
                "admin",
                true,
                true,
                true,
                true,
                true,
                true,
                Set.of(),
                true);
        assertThat(server.shortVersion()).isEqualTo("18.6");
        assertThat(server.majorVersion()).isEqualTo(18);
    }

    @Test
    void a_target_does_not_print_its_password() {
        assertThat(TARGET.toString()).doesNotContain("hidden");
    }
}
