// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.PostgresServer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How the kinds wake each other without watching each other's objects twice. */
public final class Signals implements Triggers {
    private final SimpleInboundEventSource<DatabaseClaim> claims = new SimpleInboundEventSource<>("fleet-claims");
    private final SimpleInboundEventSource<PostgresServer> servers = new SimpleInboundEventSource<>("fleet-servers");
    private final SimpleInboundEventSource<DatabaseClass> classes = new SimpleInboundEventSource<>("fleet-classes");
    private final SimpleInboundEventSource<DatabasePolicy> policies = new SimpleInboundEventSource<>("policy-findings");
    private final Set<String> wantedVisits = ConcurrentHashMap.newKeySet();

    public SimpleInboundEventSource<DatabaseClaim> claims() {
        return claims;
    }

    public SimpleInboundEventSource<PostgresServer> servers() {
        return servers;
    }

    public SimpleInboundEventSource<DatabaseClass> classes() {
        return classes;
    }

    public SimpleInboundEventSource<DatabasePolicy> policies() {
        return policies;
    }

    public void policy(String name) {
        policies.propagateEvent(new ResourceID(name));
    }

    @Override
    public void visit(String server) {
        wantedVisits.add(server);
        server(server);
    }

    /** Whether such a look was asked for since the last call. */
    public boolean visitWanted(String server) {
        return wantedVisits.remove(server);
    }

    @Override
    public void claim(ResourceID claim) {
        claims.propagateEvent(claim);
    }

    @Override
    public void server(String name) {
        servers.propagateEvent(new ResourceID(name));
    }

    @Override
    public void databaseClass(String name) {
        classes.propagateEvent(new ResourceID(name));
    }
}
