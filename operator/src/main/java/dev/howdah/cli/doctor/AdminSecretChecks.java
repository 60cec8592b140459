// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.cli.world.SecretSeen;
import dev.howdah.cli.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether the operator can log in to each server: its Secret is there and whole. The values are looked at by nobody. */
final class AdminSecretChecks {
    private static final String AREA = "admin Secret";

    private final KubernetesClient client;
    private final Installation installation;

    AdminSecretChecks(KubernetesClient client, Installation installation) {
        this.client = client;
        this.installation = installation;
    }

    List<Check> checks(World world) {
        var checks = new ArrayList<Check>();
        world.servers().forEach((server, object) -> {
            var external = object.getSpec().external();
            if (external != null) {
                checks.add(look(server, external.adminSecretRef().name()));
            }
        });
        return checks.isEmpty()
                ? List.of()
                : Check.orFine(
                        checks, AREA, "of %d servers".formatted(checks.size()), "there, with username and password");
    }

    private Check look(String server, String name) {
        var subject = "%s/%s of server %s".formatted(installation.namespace(), name, server);
        return switch (SecretSeen.look(client, installation.namespace(), name)) {
            case SecretSeen.Forbidden() ->
                Check.notChecked(AREA, subject, "get secrets in namespace \"%s\"".formatted(installation.namespace()));
            case SecretSeen.Missing() ->
                Check.problem(
                        AREA,
                        subject,
                        "is not there",
                        "Create it: kubectl create secret generic %s -n %s --from-literal=username=… --from-literal=password=…"
                                .formatted(name, installation.namespace()));
            case SecretSeen.Found found -> judge(subject, found);
            case SecretSeen.NotAsked() -> Check.notChecked(AREA, subject, "see it");
        };
    }

    private static Check judge(String subject, SecretSeen.Found found) {
        var lacking = Stream.of("username", "password")
                .filter(key -> found.text(key).filter(text -> !text.isEmpty()).isEmpty())
                .toList();
        return lacking.isEmpty()
                ? Check.fine(AREA, subject, "whole")
                : Check.problem(
                        AREA,
                        subject,
                        "lacks " + String.join(" and ", lacking),
                        "Add what is missing; see docs/admin-role.md");
    }
}
