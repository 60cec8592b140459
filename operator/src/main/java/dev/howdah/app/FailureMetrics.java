// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reconciliations that ended with an error. The SDK's own count begins with the first one, when it is too late for a rate;
 * this one is there from the start.
 */
final class FailureMetrics implements Metrics {
    private final Map<String, Counter> failures;

    FailureMetrics(MeterRegistry registry) {
        this.failures = Stream.of(
                        DatabaseClaim.class,
                        DatabaseClass.class,
                        DatabasePolicy.class,
                        DatabaseWaiver.class,
                        PostgresServer.class)
                .map(HasMetadata::getKind)
                .collect(Collectors.toMap(
                        kind -> kind,
                        kind -> Counter.builder("howdah.reconciliations.failed")
                                .description("Reconciliations that ended with an error and are tried again")
                                .tag("kind", kind)
                                .register(registry)));
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, @Nullable RetryInfo retry, Exception exception, Map<String, Object> metadata) {
        var counter = failures.get(resource.getKind());
        if (counter != null) {
            counter.increment();
        }
    }
}
