// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.chart.Chart;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What becomes of everything when processes go. */
interface OperationCases {
    Stand stand();

    @Test
    @Order(31)
    default void another_replica_takes_over_from_a_leader_that_is_killed() throws Exception {
        var end = stand().place.endOfTheLeader();
        Assumptions.assumeTrue(end.isPresent(), "there is only one replica here, or its pods are not to be seen");
        var holder = holder();
        end.orElseThrow().run();
        stand().kubectl.applies(stand().claim("later", ""));
        stand().awaitReady("later");
        assertThat(holder()).isNotEqualTo(holder);
        assertThat(stand().rows(stand().secret("later-db"), "SELECT current_database()"))
                .containsExactly(stand().name + "_later");
        await().atMost(Stand.PATIENCE)
                .untilAsserted(() -> assertThat(stand().kubectl
                                .tried(
                                        "apply --dry-run=server -f -",
                                        stand().claim("greedy-later", GuardCases.TOO_MUCH))
                                .said())
                        .as("the webhook is the one of the new leader")
                        .contains("denied the request", "ParameterOutOfRange"));
    }

    private String holder() {
        return stand().kubectl
                .does("-n %s get lease/howdah -o jsonpath={.spec.holderIdentity}".formatted(Chart.NAMESPACE));
    }

    @Test
    @Order(32)
    default void uninstalling_loses_nothing() throws Exception {
        var uninstallation = stand().place.uninstallation();
        Assumptions.assumeTrue(uninstallation.isPresent(), "somebody else installed Howdah here, so it stays");
        var secret = stand().secret("orders-db");
        uninstallation.orElseThrow().run();
        stand().hasOperator = false;
        assertThat(stand().kubectl
                        .tried("-n %s get deployment/howdah".formatted(Chart.NAMESPACE), "")
                        .said())
                .contains("NotFound");
        assertThat(stand().get("dbclaim/orders").path("status").path("database").asText())
                .isEqualTo(stand().name + "_orders");
        assertThat(stand().secret("orders-db")).isEqualTo(secret);
        assertThat(stand().rows(secret, "SELECT word FROM kept"))
                .as("applications go on")
                .containsExactly("kept");
    }
}
