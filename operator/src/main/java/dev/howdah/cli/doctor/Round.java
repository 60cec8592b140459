// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.World;
import dev.howdah.cli.world.WorldCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Everything the doctor looks at. */
final class Round {
    private Round() {}

    /** Of objects in files: nothing of an installation is there. */
    static DoctorAnswer files(World world, Instant now) {
        var notes = new ArrayList<>(world.notes());
        notes.add("files show objects only: CRDs, operator, webhook, rights and Secrets are looked at in a cluster");
        return DoctorAnswer.of(new ObjectChecks(world, now).checks(), world.faults(), notes);
    }

    static DoctorAnswer cluster(KubernetesClient client, Instant now, Installation installation) {
        answers(client);
        try {
            var checks = new ArrayList<Check>(CrdChecks.of(client));
            var operator = new OperatorChecks(client, installation, now);
            var lease = operator.lease();
            checks.add(lease);
            checks.addAll(operator.others());
            var nobodyWorks = lease.level() == Check.Level.Problem;
            checks.addAll(new WebhookChecks(client, installation, now, nobodyWorks).checks());
            checks.addAll(new RightsChecks(client, installation).checks());
            if (checks.stream()
                    .anyMatch(check -> check.area().equals("CRD")
                            && check.level() == Check.Level.Problem
                            && !check.says().startsWith("is of"))) {
                // Objects of kinds that are not there cannot be listed.
                return DoctorAnswer.of(checks, List.of(), List.of("objects are looked at once their kinds are there"));
            }
            return objects(client, now, installation, checks);
        } catch (KubernetesClientException e) {
            throw new CannotRun("the cluster %s answers HTTP %d in the middle of the examination: try again"
                    .formatted(client.getMasterUrl(), e.getCode()));
        }
    }

    private static DoctorAnswer objects(
            KubernetesClient client, Instant now, Installation installation, List<Check> checks) {
        World world;
        try {
            world = WorldCluster.read(client, null);
        } catch (CannotRun e) {
            checks.add(new Check("objects", "all", Check.Level.NotChecked, String.valueOf(e.getMessage()), null));
            return DoctorAnswer.of(checks, List.of(), List.of());
        }
        checks.addAll(new AdminSecretChecks(client, installation).checks(world));
        checks.addAll(new ObjectChecks(world, now).checks());
        return DoctorAnswer.of(checks, world.faults(), world.notes());
    }

    /** Whether there is a cluster and a login at all; after that only rights can be missing. */
    private static void answers(KubernetesClient client) {
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            throw WorldCluster.silent(client, e);
        }
    }
}
