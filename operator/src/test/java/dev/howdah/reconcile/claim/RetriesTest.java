// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private final Retries retries = new Retries();
    private final ResourceID orders = new ResourceID("orders", "shop");

    @Test
    void waitsDoubleUpToFiveMinutesAndNeverEnd() {
        var waits =
                IntStream.range(0, 1_000).mapToObj(i -> retries.next(orders)).toList();
        assertThat(waits.subList(0, 4))
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
        assertThat(waits).allMatch(wait -> wait.isPositive() && wait.compareTo(Duration.ofMinutes(5)) <= 0);
        assertThat(waits.getLast()).isEqualTo(Duration.ofMinutes(5));
        assertThat(retries.count(orders)).isEqualTo(1_000);
    }

    @Test
    void successStartsAnewForThisClaimOnly() {
        var other = new ResourceID("other", "shop");
        retries.next(orders);
        retries.next(other);
        retries.reset(orders);
        assertThat(retries.next(orders)).isEqualTo(Duration.ofSeconds(1));
        assertThat(retries.next(other)).isEqualTo(Duration.ofSeconds(2));
    }
}
