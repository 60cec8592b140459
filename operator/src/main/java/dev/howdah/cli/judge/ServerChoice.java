// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Hardening;
import dev.howdah.api.v1alpha1.PostgresServerStatus.Used;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Demand;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.Labels;
import dev.howdah.policy.Placement;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.StorageText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a claim without a database would get one, by what the statuses of the servers say. The operator goes by its ledgers,
 * where what is under way counts too.
 */
public final class ServerChoice {
    private final World world;
    private final String namespace;
    private final EffectiveClaim claim;

    private ServerChoice(World world, String namespace, EffectiveClaim claim) {
        this.world = world;
        this.namespace = namespace;
        this.claim = claim;
    }

    /** @param listed untrusted extensions that a policy lists */
    public static Placement.Outcome of(World world, String namespace, EffectiveClaim claim, Set<String> listed) {
        var choice = new ServerChoice(world, namespace, claim);
        return Placement.place(
                claim, listed, choice.selected().stream().map(choice::candidate).toList());
    }

    private List<PostgresServer> selected() {
        var offered = world.classes().get(claim.className());
        return offered == null
                ? List.of()
                : world.servers().values().stream()
                        .filter(server -> Labels.match(
                                offered.getSpec().serverSelector(),
                                server.getMetadata().getLabels()))
                        .toList();
    }

    private Placement.Candidate candidate(PostgresServer server) {
        var spec = server.getSpec();
        var status = server.getStatus();
        var used = status == null ? null : status.used();
        return new Placement.Candidate(
                server.getMetadata().getName(),
                Howdah.isPaused(server),
                status != null && status.systemIdentifier() != null,
                says(server, "Ready") && !Howdah.isPaused(server),
                spec.hardening() != Hardening.Require || says(server, "Hardened"),
                !Boolean.TRUE.equals(spec.unschedulable())
                        && server.getMetadata().getDeletionTimestamp() == null,
                spec.namespaceSelector() == null || Labels.match(spec.namespaceSelector(), world.labels(namespace)),
                ServerTraits.majorVersion(status == null ? null : status.version()),
                extensions(server),
                spec.capacity(),
                used == null ? 0 : used.databases(),
                used == null ? Demand.NONE : demand(used));
    }

    /** What the databases of a server ask for together, as its status has it. */
    public static Demand demand(Used used) {
        return new Demand(StorageText.parse(used.storage()), used.connections());
    }

    private static boolean says(PostgresServer server, String type) {
        return server.getStatus() != null
                && Conditions.isTrue(server.getStatus().conditions(), type);
    }

    /** What its status lists; where that list is full, or not there yet, what is asked for may be there as well. */
    private ExtensionOffer extensions(PostgresServer server) {
        var known = Judgements.traits(server).map(ServerTraits::extensions);
        if (known.isPresent()) {
            return known.get();
        }
        Map<String, ExtensionOffer.Extension> assumed = new HashMap<>();
        for (ExtensionRequest asked : claim.extensions()) {
            var versions = asked.version() == null ? List.<String>of() : List.of(asked.version());
            assumed.put(asked.name(), new ExtensionOffer.Extension(asked.name(), "", versions, true, List.of(), null));
        }
        return new ExtensionOffer(assumed);
    }
}
