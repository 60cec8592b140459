// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.function.Consumer;

/**
 * Hears of every claim that is gone, also of one whose finalizer somebody took away and that no reconciler was asked about:
 * what is remembered of it, the place that is kept for it above all, goes with it.
 */
final class Departures extends SimpleInboundEventSource<DatabaseClaim> implements ResourceEventAware<DatabaseClaim> {
    private final Consumer<DatabaseClaim> forget;

    Departures(Consumer<DatabaseClaim> forget) {
        super("departures");
        this.forget = forget;
    }

    @Override
    public void onResourceDeleted(DatabaseClaim claim) {
        forget.accept(claim);
    }
}
