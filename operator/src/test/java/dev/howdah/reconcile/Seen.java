// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** What is seen of objects: their conditions, and waiting until they are as they should be. */
final class Seen {
    private Seen() {}

    static boolean is(@Nullable List<Condition> conditions, String type, String status, Reason reason) {
        return conditions != null
                && conditions.stream()
                        .anyMatch(c -> c.type().equals(type)
                                && c.status().equals(status)
                                && c.reason().equals(reason.name()));
    }

    static Condition condition(DatabaseClaim claim, String type) {
        return condition(claim.getStatus().conditions(), type);
    }

    static Condition condition(@Nullable List<Condition> conditions, String type) {
        assertThat(conditions).isNotNull();
        return conditions.stream()
                .filter(c -> c.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    static <T extends HasMetadata> T until(Resource<T> resource, Predicate<T> wanted, String what) {
        var seen = new Object() {
            @Nullable
            T last;
        };
        await(what)
                .atMost(Stage.LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(60))
                .untilAsserted(() -> {
                    seen.last = resource.get();
                    assertThat(seen.last).as(what).isNotNull();
                    assertThat(wanted.test(seen.last))
                            .as("%s, but it is %s", what, Serialization.asYaml(seen.last))
                            .isTrue();
                });
        return Objects.requireNonNull(seen.last);
    }

    /** What takes many objects takes longer. */
    static void untilTrue(Callable<Boolean> wanted, String what) {
        await(what)
                .atMost(Stage.LONG.multipliedBy(3))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .until(wanted);
    }

    /** By then; until then it may fail. */
    static void soon(ThrowingRunnable assertion) {
        await().atMost(Stage.LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(assertion);
    }

    /** Now and for so long, on a machine however slow. */
    static void stays(Duration time, ThrowingRunnable assertion) {
        await().during(time).atMost(Stage.LONG).untilAsserted(() -> {
            try {
                assertion.run();
            } catch (AssertionError e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static void gone(Resource<? extends HasMetadata> resource) {
        await().atMost(Stage.LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(60))
                .untilAsserted(() -> assertThat(resource.get()).isNull());
    }
}
