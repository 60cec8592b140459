// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.registration;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ValidatingWebhookConfiguration in the cluster. Written only where it differs. */
public final class RegisteredWebhook {
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private final KubernetesClient client;
    private final Registration wanted;

    public RegisteredWebhook(KubernetesClient client, Registration wanted) {
        this.client = client;
        this.wanted = wanted;
    }

    /** The bundle the API server trusts at this moment; empty if it knows of no webhook. */
    public String bundle() {
        var now = resource(client, wanted.name()).get();
        var encoded = now == null ? null : bundle(now);
        return encoded == null ? "" : new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
    }

    private static @Nullable String bundle(ValidatingWebhookConfiguration configuration) {
        return configuration.getWebhooks().stream()
                .findFirst()
                .map(webhook -> webhook.getClientConfig().getCaBundle())
                .orElse(null);
    }

    /**
     * Brings it up to date.
     *
     * @param bundle {@code null} where that is cert-manager's to fill in
     * @return whether there was anything to do
     */
    public boolean publish(@Nullable String bundle) {
        var configuration = wanted.configuration(bundle);
        var now = resource(client, wanted.name()).get();
        if (now != null && same(now, configuration)) {
            return false;
        }
        client.resource(configuration)
                .fieldManager(Howdah.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        return true;
    }

    static boolean same(ValidatingWebhookConfiguration now, ValidatingWebhookConfiguration wanted) {
        var here = now;
        if (bundle(wanted) == null) {
            here = new ValidatingWebhookConfigurationBuilder(now)
                    .editMatchingWebhook(_ -> true)
                    .editClientConfig()
                    .withCaBundle(null)
                    .endClientConfig()
                    .endWebhook()
                    .build();
        }
        return here.getWebhooks().equals(wanted.getWebhooks())
                && contains(here.getMetadata().getLabels(), wanted.getMetadata().getLabels())
                && contains(
                        here.getMetadata().getAnnotations(),
                        wanted.getMetadata().getAnnotations());
    }

    private static boolean contains(@Nullable Map<String, String> all, @Nullable Map<String, String> some) {
        return Optional.ofNullable(all)
                .orElse(Map.of())
                .entrySet()
                .containsAll(Optional.ofNullable(some).orElse(Map.of()).entrySet());
    }

    /** Takes away what an earlier run of the operator has left; what somebody else made stays. */
    public static boolean withdraw(KubernetesClient client, String name) {
        var now = resource(client, name).get();
        if (now == null || !contains(now.getMetadata().getLabels(), Map.of(Howdah.MANAGED_BY, Howdah.FIELD_MANAGER))) {
            return false;
        }
        client.resource(now).delete();
        return true;
    }

    /** Who the operator is to the API server; empty unless it is a ServiceAccount, which nobody else uses. */
    public static Optional<String> serviceAccount(KubernetesClient client) {
        var review = new GenericKubernetesResource();
        review.setApiVersion("authentication.k8s.io/v1");
        review.setKind("SelfSubjectReview");
        var answer = client.genericKubernetesResources("authentication.k8s.io/v1", "SelfSubjectReview")
                .resource(review)
                .create();
        return Optional.ofNullable(answer.<Object>get("status", "userInfo", "username"))
                .map(Object::toString)
                .filter(user -> user.startsWith(SERVICE_ACCOUNT));
    }

    private static Resource<ValidatingWebhookConfiguration> resource(KubernetesClient client, String name) {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name);
    }
}
