// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** A Secret, as far as this user may see it. */
public sealed interface SecretSeen {
    record Found(Secret secret) implements SecretSeen {
        /** A key's text; empty where there is none. */
        public Optional<String> text(String key) {
            var data = secret.getData() == null ? Map.<String, String>of() : secret.getData();
            try {
                return Optional.ofNullable(data.get(key))
                        .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** Whether an object of this UID owns it. */
        public boolean ownedBy(String uid) {
            return secret.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(uid));
        }

        @Override
        public String toString() {
            return "Secret " + secret.getMetadata().getName();
        }
    }

    record Missing() implements SecretSeen {}

    /** This user may not read it. */
    record Forbidden() implements SecretSeen {}

    /** No cluster was asked. */
    record NotAsked() implements SecretSeen {}

    static SecretSeen look(KubernetesClient client, String namespace, String name) {
        try {
            var secret = client.secrets().inNamespace(namespace).withName(name).get();
            return secret == null ? new Missing() : new Found(secret);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new Forbidden();
            }
            throw new CannotRun("the Secret %s/%s cannot be read: HTTP %d".formatted(namespace, name, e.getCode()));
        }
    }
}
