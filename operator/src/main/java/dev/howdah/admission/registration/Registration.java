// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.registration;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the API server is to know.
 *
 * @param name of the ValidatingWebhookConfiguration
 * @param operatorUser the ServiceAccount of the operator, whose own writes are not asked about; {@code null} if it is none
 * @param injectFrom namespace and name of cert-manager's Certificate, where that is who fills in {@code caBundle}
 */
public record Registration(
        String name,
        Address address,
        Failure failure,
        int timeoutSeconds,
        @Nullable String operatorUser,
        @Nullable String injectFrom) {

    private static final String INJECT = "cert-manager.io/inject-ca-from";
    private static final String WEBHOOK = "databaseclaims." + Howdah.GROUP;
    private static final int HTTPS = 443;

    /** What becomes of a claim while the webhook does not answer. */
    public enum Failure {
        Ignore,
        Fail
    }

    /** Where the webhook is. */
    public sealed interface Address {
        /** In the cluster, at port 443 of a Service. */
        record Service(String namespace, String name, String path) implements Address {}

        /** Anywhere the API server can reach. */
        record Url(String url) implements Address {}
    }

    /** With everything that the API server would fill in, so that what it holds can be compared. */
    public ValidatingWebhookConfiguration configuration(@Nullable String bundle) {
        return new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(Howdah.MANAGED_BY, Howdah.FIELD_MANAGER)
                .withAnnotations(injectFrom == null ? Map.of() : Map.of(INJECT, injectFrom))
                .endMetadata()
                .withWebhooks(new ValidatingWebhookBuilder()
                        .withName(WEBHOOK)
                        .withAdmissionReviewVersions("v1")
                        .withClientConfig(clientConfig(bundle))
                        .withRules(new RuleWithOperationsBuilder()
                                .withApiGroups(Howdah.GROUP)
                                .withApiVersions(Howdah.VERSION)
                                .withResources("databaseclaims")
                                .withOperations("CREATE", "UPDATE")
                                .withScope("Namespaced")
                                .build())
                        .withFailurePolicy(failure.name())
                        .withMatchPolicy("Equivalent")
                        .withNamespaceSelector(new LabelSelector())
                        .withObjectSelector(new LabelSelector())
                        .withSideEffects("None")
                        .withTimeoutSeconds(timeoutSeconds)
                        .withMatchConditions(conditions())
                        .build())
                .build();
    }

    private WebhookClientConfig clientConfig(@Nullable String bundle) {
        var config = new WebhookClientConfigBuilder();
        switch (address) {
            case Address.Url(String url) -> config.withUrl(url);
            case Address.Service(String namespace, String service, String path) ->
                config.withNewService()
                        .withNamespace(namespace)
                        .withName(service)
                        .withPath(path)
                        .withPort(HTTPS)
                        .endService();
        }
        if (bundle != null) {
            config.withCaBundle(encoded(bundle));
        }
        return config.build();
    }

    static String encoded(String bundle) {
        return Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.US_ASCII));
    }

    /** Decided by the API server, without a call: also with the webhook gone nothing of this is ever held up. */
    private List<MatchCondition> conditions() {
        var conditions = new ArrayList<MatchCondition>();
        conditions.add(new MatchCondition("!has(object.metadata.deletionTimestamp)", "not-being-deleted"));
        conditions.add(new MatchCondition(
                "request.operation == 'CREATE' || has(object.spec) != has(oldObject.spec) || "
                        + "(has(object.spec) && object.spec != oldObject.spec)",
                "spec-changed"));
        if (operatorUser != null) {
            conditions.add(new MatchCondition(
                    "request.userInfo.username != '%s'".formatted(operatorUser), "not-the-operator"));
        }
        return List.copyOf(conditions);
    }

    /** The names a certificate must have. */
    public Set<String> hosts() {
        return switch (address) {
            case Address.Url(String url) -> Set.of(host(url));
            case Address.Service(String namespace, String service, String _) ->
                new TreeSet<>(
                        List.of(service + "." + namespace + ".svc", service + "." + namespace + ".svc.cluster.local"));
        };
    }

    private static String host(String url) {
        var host = URI.create(url).getHost();
        if (host == null) {
            throw new IllegalArgumentException("no host in " + url);
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
