// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.reconcile.claim.ClaimCensus.Kind;
import dev.howdah.reconcile.claim.ClaimCensus.Waiting;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimCensusTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private static DatabaseClaim claim(String spec, String status) {
        return Serialization.unmarshal("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: shop, creationTimestamp: "2026-11-27T11:00:00Z"}
                spec: %s
                status: %s
                """.formatted(spec, status), DatabaseClaim.class);
    }

    private static String says(String ready, String reason, String since, String accepted) {
        return ("{conditions: [{type: Ready, status: '%s', reason: %s, message: m, lastTransitionTime: '%s'},"
                        + " {type: Accepted, status: '%s', reason: Valid, message: m, lastTransitionTime: '%s'}]}")
                .formatted(ready, reason, since, accepted, since);
    }

    private static ClaimCensus census(DatabaseClaim... claims) {
        var standard = new DatabaseClass();
        standard.getMetadata().setName("standard");
        return ClaimCensus.of(List.of(claims), List.of(standard), NOON);
    }

    @Test
    void claims_that_read_alike_are_one_kind() {
        var ready = "{className: standard, "
                + says("True", "Provisioned", "2026-11-27T11:00:01Z", "True").substring(1);
        var census = census(claim("{}", ready), claim("{}", ready), claim("{className: standard}", "null"));
        assertThat(census.claims())
                .isEqualTo(Map.of(
                        new Kind("standard", "True", "Provisioned"),
                        2L,
                        new Kind("standard", "Unknown", "Pending"),
                        1L));
    }

    @Test
    void what_anybody_writes_down_makes_no_series() {
        var census = census(claim("{className: whim-1}", "null"), claim("{className: whim-2}", "null"));
        assertThat(census.claims()).isEqualTo(Map.of(new Kind("", "Unknown", "Pending"), 2L));
    }

    @Test
    void the_one_that_waits_longest_is_told() {
        var census = census(
                claim("{}", says("False", "NoCapacity", "2026-11-27T11:50:00Z", "True")),
                claim("{}", says("False", "NoCapacity", "2026-11-27T11:58:00Z", "True")),
                claim("{}", "null"));
        assertThat(census.waiting())
                .isEqualTo(Map.of(
                        new Waiting("", "NoCapacity"),
                        Duration.ofMinutes(10),
                        new Waiting("", "Pending"),
                        Duration.ofHours(1)));
    }

    @Test
    void who_has_to_act_himself_does_not_wait() {
        var census = census(
                claim("{}", says("False", "QuotaExceeded", "2026-11-27T11:50:00Z", "False")),
                claim("{}", says("False", "Paused", "2026-11-27T11:50:00Z", "True")),
                claim("{}", says("True", "Provisioned", "2026-11-27T11:50:00Z", "True")));
        assertThat(census.waiting()).isEmpty();
        assertThat(census.claims()).hasSize(3);
    }
}
