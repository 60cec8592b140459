// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.doctor.InstallationOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers what belongs into a report. What this user may not see is noted instead. */
final class Collector {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String UNKNOWN = " (so what they hold is taken out only where it stands as a password)";
    private static final int LOG_LINES = 5_000;

    private final KubernetesClient client;
    private final InstallationOptions installation;
    private final @Nullable String namespace;
    private final List<String> left = new ArrayList<>();

    /** @param namespace whose claims and events are of interest, {@code null} for all */
    Collector(KubernetesClient client, InstallationOptions installation, @Nullable String namespace) {
        this.client = client;
        this.installation = installation;
        this.namespace = namespace;
    }

    /** What could not be seen, or was not there to be seen. */
    List<String> left() {
        return List.copyOf(left);
    }

    /** Those whose values must be nowhere: the operator's own, and those of claims. */
    List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        secrets.addAll(list(
                "secrets of namespace " + installation.namespace() + UNKNOWN,
                () -> client.secrets().inNamespace(installation.namespace()).list()));
        secrets.addAll(list(
                "secrets of claims" + UNKNOWN,
                () -> namespace == null
                        ? client.secrets()
                                .inAnyNamespace()
                                .withLabel(Howdah.CLAIM_LABEL)
                                .list()
                        : client.secrets()
                                .inNamespace(namespace)
                                .withLabel(Howdah.CLAIM_LABEL)
                                .list()));
        return secrets;
    }

    void gather(Bundle bundle, List<Secret> secrets) {
        objects(
                bundle,
                "databaseclaims",
                () -> namespace == null
                        ? client.resources(DatabaseClaim.class).inAnyNamespace().list()
                        : client.resources(DatabaseClaim.class)
                                .inNamespace(namespace)
                                .list());
        objects(
                bundle,
                "databaseclasses",
                () -> client.resources(DatabaseClass.class).list());
        objects(
                bundle,
                "databasepolicies",
                () -> client.resources(DatabasePolicy.class).list());
        objects(
                bundle,
                "databasewaivers",
                () -> client.resources(DatabaseWaiver.class).list());
        objects(
                bundle,
                "postgresservers",
                () -> client.resources(PostgresServer.class).list());
        var own = installation.namespace();
        objects(
                bundle,
                "deployments",
                () -> client.apps().deployments().inNamespace(own).list());
        objects(bundle, "pods", () -> client.pods().inNamespace(own).list());
        objects(bundle, "services", () -> client.services().inNamespace(own).list());
        objects(bundle, "leases", () -> client.leases().inNamespace(own).list());
        objects(
                bundle,
                "validatingwebhookconfigurations",
                () -> client.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withField("metadata.name", installation.webhook())
                        .list());
        definitions(bundle);
        events(bundle);
        logs(bundle);
        bundle.add(
                "secrets.yaml",
                Serialization.asYaml(secrets.stream().map(Collector::outline).toList()));
    }

    private <T extends HasMetadata> List<T> list(String what, Supplier<? extends KubernetesResourceList<T>> list) {
        try {
            return list.get().getItems();
        } catch (KubernetesClientException e) {
            left.add("%s: HTTP %d".formatted(what, e.getCode()));
            return List.of();
        }
    }

    private <T extends HasMetadata> void objects(
            Bundle bundle, String plural, Supplier<? extends KubernetesResourceList<T>> list) {
        for (var object : list(plural, list)) {
            var meta = object.getMetadata();
            meta.setManagedFields(null);
            if (meta.getAnnotations() != null) {
                var annotations = new TreeMap<>(meta.getAnnotations());
                annotations.remove(LAST_APPLIED);
                meta.setAnnotations(annotations);
            }
            var name = meta.getNamespace() == null ? meta.getName() : meta.getNamespace() + "_" + meta.getName();
            bundle.add("objects/%s/%s.yaml".formatted(plural, name), Serialization.asYaml(object));
        }
    }

    /** Their versions; the schemas are the same for everybody. */
    private void definitions(Bundle bundle) {
        var lines = new StringBuilder();
        for (var crd : list(
                "customresourcedefinitions",
                () -> client.apiextensions().v1().customResourceDefinitions().list())) {
            if (crd.getSpec().getGroup().equals(Howdah.GROUP)) {
                lines.append("%s generation %d, versions %s%n"
                        .formatted(
                                crd.getMetadata().getName(),
                                crd.getMetadata().getGeneration(),
                                crd.getSpec().getVersions().stream()
                                        .map(version -> version.getName())
                                        .toList()));
            }
        }
        bundle.add("crds.txt", lines.toString());
    }

    /** About our kinds, and whatever happens beside the operator. */
    private void events(Bundle bundle) {
        var lines = new StringBuilder();
        list(
                        "events",
                        () -> namespace == null
                                ? client.events().v1().events().inAnyNamespace().list()
                                : client.events()
                                        .v1()
                                        .events()
                                        .inNamespace(namespace)
                                        .list())
                .stream()
                .filter(this::concerns)
                .sorted(Comparator.comparing(Collector::time))
                .map(event -> "%s %s %s %s/%s: %s%n"
                        .formatted(
                                time(event),
                                event.getType(),
                                event.getReason(),
                                event.getRegarding().getKind(),
                                event.getRegarding().getName(),
                                event.getNote()))
                .forEach(lines::append);
        bundle.add("events.txt", lines.toString());
    }

    private boolean concerns(Event event) {
        var about = event.getRegarding();
        return about != null
                && (String.valueOf(about.getApiVersion()).startsWith(Howdah.GROUP + "/")
                        || installation.namespace().equals(event.getMetadata().getNamespace()));
    }

    private static String time(Event event) {
        var time = event.getEventTime() == null ? null : event.getEventTime().getTime();
        return time == null ? String.valueOf(event.getMetadata().getCreationTimestamp()) : time;
    }

    private void logs(Bundle bundle) {
        var before = left.size();
        var pods = list(
                "logs, since pods",
                () -> client.pods()
                        .inNamespace(installation.namespace())
                        .withLabel("app.kubernetes.io/name", "howdah")
                        .list());
        if (pods.isEmpty() && left.size() == before) {
            left.add("logs: no pod of the operator is in namespace " + installation.namespace());
        }
        for (var pod : pods) {
            var name = pod.getMetadata().getName();
            try {
                bundle.add(
                        "logs/%s.txt".formatted(name),
                        client.pods()
                                .inNamespace(installation.namespace())
                                .withName(name)
                                .tailingLines(LOG_LINES)
                                .getLog());
            } catch (KubernetesClientException e) {
                left.add("log of pod %s: HTTP %d".formatted(name, e.getCode()));
            }
        }
    }

    /** Which Secret there is and what it has, without what it holds. */
    private static Map<String, Object> outline(Secret secret) {
        var outline = new TreeMap<String, Object>();
        outline.put("namespace", secret.getMetadata().getNamespace());
        outline.put("name", secret.getMetadata().getName());
        outline.put("type", String.valueOf(secret.getType()));
        outline.put("keys", Redaction.keys(secret));
        outline.put("owners", secret.getMetadata().getOwnerReferences());
        outline.put("created", String.valueOf(secret.getMetadata().getCreationTimestamp()));
        return outline;
    }
}
