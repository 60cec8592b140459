// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Installs the kinds of a folder, as an administrator does once per cluster. */
public final class Crds {
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(30);

    private Crds() {}

    /** Returns when every kind is served, not only accepted: the API server opens the store of a kind when first asked. */
    public static void install(KubernetesClient client, Path folder) {
        var crds = read(folder);
        crds.forEach(crd -> client.resource(crd).forceConflicts().serverSideApply());
        for (var crd : crds) {
            client.resource(crd).waitUntilCondition(Crds::isEstablished, SERVED_WITHIN.toSeconds(), TimeUnit.SECONDS);
            awaitServed(client, crd);
        }
    }

    private static List<CustomResourceDefinition> read(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(file -> Serialization.unmarshal(PrivateFiles.read(file), CustomResourceDefinition.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private static void awaitServed(KubernetesClient client, CustomResourceDefinition crd) {
        var kind = client.genericKubernetesResources(CustomResourceDefinitionContext.fromCrd(crd))
                .inAnyNamespace();
        Instant deadline = Instant.now().plus(SERVED_WITHIN);
        while (true) {
            try {
                kind.list(new ListOptionsBuilder().withLimit(1L).build());
                return;
            } catch (KubernetesClientException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Pause.millis(50);
            }
        }
    }
}
