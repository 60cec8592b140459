// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Secret that all processes of the operator serve from. Only the one that leads writes it. */
public final class CertificateSecret {
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String AUTHORITIES = "ca.crt";
    private static final String NEXT_CERTIFICATE = "next.crt";
    private static final String NEXT_KEY = "next.key";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    public CertificateSecret(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    /** A look at it, and what it takes to replace just that. */
    public record Seen(
            @Nullable CertificateState state,
            boolean ours,
            @Nullable String resourceVersion) {
        static final Seen NOTHING = new Seen(null, true, null);
    }

    public Seen look() {
        var secret = resource().get();
        if (secret == null) {
            return Seen.NOTHING;
        }
        var labels = Optional.ofNullable(secret.getMetadata().getLabels()).orElse(Map.of());
        return new Seen(
                state(secret),
                Howdah.FIELD_MANAGER.equals(labels.get(Howdah.MANAGED_BY)),
                secret.getMetadata().getResourceVersion());
    }

    private static @Nullable CertificateState state(Secret secret) {
        var data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        var current = certificate(data, CERTIFICATE, KEY);
        if (current == null) {
            return null;
        }
        return new CertificateState(
                current,
                certificate(data, NEXT_CERTIFICATE, NEXT_KEY),
                CertificateCheck.parts(text(data, AUTHORITIES)));
    }

    private static @Nullable ServingCertificate certificate(Map<String, String> data, String chain, String key) {
        var read = new ServingCertificate(text(data, chain), text(data, key));
        return read.chainPem().isBlank() || read.keyPem().isBlank() ? null : read;
    }

    private static String text(Map<String, String> data, String key) {
        try {
            return new String(Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * Writes it over what was seen, and over nothing else.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException 409 if somebody else was first
     */
    public void write(CertificateState state, Seen seen) {
        var data = new TreeMap<String, String>();
        data.put(CERTIFICATE, encoded(state.current().chainPem()));
        data.put(KEY, encoded(state.current().keyPem()));
        data.put(AUTHORITIES, encoded(state.bundle()));
        var next = state.next();
        if (next != null) {
            data.put(NEXT_CERTIFICATE, encoded(next.chainPem()));
            data.put(NEXT_KEY, encoded(next.keyPem()));
        }
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels(Howdah.MANAGED_BY, Howdah.FIELD_MANAGER)
                .withResourceVersion(seen.resourceVersion())
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(data)
                .build();
        var resource = client.resource(secret);
        if (seen.resourceVersion() == null) {
            resource.create();
        } else {
            resource.update();
        }
    }

    private Resource<Secret> resource() {
        return client.secrets().inNamespace(namespace).withName(name);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
