// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testenv.Crds;
import dev.howdah.testenv.Persona;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The chart's roles for people, tried with their own tokens: what they may, and what they may not. The team has Kubernetes'
 * own {@code edit} in its namespace, the viewer has {@code view} in all, the DBA has {@code howdah-dba}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersonasIT {
    private static final Persona TEAM = Persona.DEVELOPER;
    private static final Persona VIEWER = Persona.OPERATOR;
    private static final Persona STRANGER = Persona.ATTACKER;

    private final String id = UUID.randomUUID().toString().substring(0, 6);
    private final String own = "team-" + id;
    private final String other = "other-" + id;
    private final KubernetesClient admin = TestEnvironment.controlPlane().client();
    private final Map<Persona, KubernetesClient> clients = new EnumMap<>(Persona.class);

    @BeforeAll
    void install() {
        Crds.install(admin, Chart.REPOSITORY.resolve("crds"));
        PersonaRoles.install(admin);
        for (var namespace : List.of(own, other)) {
            admin.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        admin.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("team")
                        .withNamespace(own)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                        .addNewSubject("rbac.authorization.k8s.io", "User", TEAM.user(), null)
                        .build())
                .create();
        bindEverywhere("view", VIEWER);
        bindEverywhere("howdah-dba", Persona.DBA);
        for (var persona : List.of(TEAM, VIEWER, STRANGER, Persona.DBA)) {
            clients.put(persona, TestEnvironment.controlPlane().client(persona));
        }
        List.of(
                        claim(own, "orders"),
                        claim(other, "orders"),
                        object(
                                "DatabaseClass",
                                "standard",
                                "{serverSelector: {matchLabels: {tier: x}}, majorVersions: [18]}"),
                        object("DatabasePolicy", "baseline", "{enforcement: Audit, target: {classNames: [none]}}"),
                        object("DatabaseWaiver", "closing", waiver()),
                        object("PostgresServer", "shared", server()))
                .forEach(made -> admin.resource(made).create());
        admin.secrets()
                .inNamespace(own)
                .resource(new io.fabric8.kubernetes.api.model.SecretBuilder()
                        .withNewMetadata()
                        .withName("orders")
                        .endMetadata()
                        .build())
                .create();
        // The controller puts together the aggregated roles in its own time.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> may(TEAM, "patch", "DatabaseClaim", own)
                        && may(VIEWER, "list", "PostgresServer", null)
                        && may(Persona.DBA, "create", "DatabasePolicy", null));
    }

    private void bindEverywhere(String role, Persona persona) {
        admin.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(role + "-" + id)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                        .addNewSubject("rbac.authorization.k8s.io", "User", persona.user(), null)
                        .build())
                .create();
    }

    private String waiver() {
        return "{claimRef: {namespace: %s, name: orders}, limits: {connections: {max: 50}}, owner: a, reason: b, expirationTime: \"2126-01-01T00:00:00Z\"}"
                .formatted(own);
    }

    private static String server() {
        return "{external: {host: nowhere.invalid, adminSecretRef: {name: x}}}";
    }

    private GenericKubernetesResource claim(String namespace, String name) {
        var claim = object("DatabaseClaim", name, "{}");
        claim.getMetadata().setName(name);
        claim.getMetadata().setNamespace(namespace);
        return claim;
    }

    private GenericKubernetesResource object(String kind, String name, String spec) {
        return Serialization.unmarshal(
                "---\napiVersion: howdah.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n"
                        .formatted(kind, name + "-" + id, spec),
                GenericKubernetesResource.class);
    }

    /** {@code own} is the team's namespace, {@code other} another one, {@code -} none. */
    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
        create         | DatabaseClaim         | own   | TEAM
        patch          | DatabaseClaim         | own   | TEAM
        delete         | DatabaseClaim         | own   | TEAM
        list           | DatabaseClaim         | own   | TEAM VIEWER DBA
        get            | DatabaseClaim         | own   | TEAM VIEWER DBA
        patch-status   | DatabaseClaim         | own   |
        create         | DatabaseClaim         | other |
        patch          | DatabaseClaim         | other |
        delete         | DatabaseClaim         | other |
        get            | DatabaseClaim         | other | VIEWER DBA
        get            | DatabaseClass         | -     | VIEWER DBA
        create         | DatabaseClass         | -     | DBA
        patch          | DatabaseClass         | -     | DBA
        delete         | DatabaseClass         | -     | DBA
        patch-status   | DatabaseClass         | -     |
        get            | DatabasePolicy        | -     | VIEWER DBA
        create         | DatabasePolicy        | -     | DBA
        patch          | DatabasePolicy        | -     | DBA
        delete         | DatabasePolicy        | -     | DBA
        patch-status   | DatabasePolicy        | -     |
        get            | DatabaseWaiver        | -     | VIEWER DBA
        create         | DatabaseWaiver        | -     | DBA
        patch          | DatabaseWaiver        | -     | DBA
        delete         | DatabaseWaiver        | -     | DBA
        get            | PostgresServer        | -     | VIEWER DBA
        create         | PostgresServer        | -     | DBA
        patch          | PostgresServer        | -     | DBA
        delete         | PostgresServer        | -     | DBA
        patch-status   | PostgresServer        | -     |
        get            | Secret                | own   | TEAM
        list           | Secret                | own   | TEAM
        get            | Secret                | other |
        """)
    void a_role_lets_do_what_it_is_for_and_nothing_else(String verb, String kind, String where, String allowed) {
        var namespace = where.equals("own") ? own : where.equals("other") ? other : null;
        var expected = allowed == null ? Set.<String>of() : Set.of(allowed.split(" "));
        for (var persona : List.of(TEAM, VIEWER, STRANGER, Persona.DBA)) {
            assertThat(may(persona, verb, kind, namespace))
                    .as("%s may %s %s", name(persona), verb, kind)
                    .isEqualTo(expected.contains(name(persona)));
        }
    }

    private static String name(Persona persona) {
        return persona == TEAM ? "TEAM" : persona == VIEWER ? "VIEWER" : persona == Persona.DBA ? "DBA" : "STRANGER";
    }

    /** Tries it, without doing it. */
    private boolean may(Persona persona, String verb, String kind, String namespace) {
        var client = clients.get(persona);
        var group = kind.equals("Secret") ? "v1" : "howdah.dev/v1alpha1";
        var kinds = client.genericKubernetesResources(group, kind);
        var name = kind.equals("Secret") || kind.equals("DatabaseClaim") ? "orders" : existing(kind) + "-" + id;
        try {
            var object = namespace == null
                    ? kinds.withName(name)
                    : kinds.inNamespace(namespace).withName(name);
            switch (verb) {
                case "get" -> object.get();
                case "list" -> (namespace == null ? kinds : kinds.inNamespace(namespace)).list();
                case "create" ->
                    client.resource(fresh(kind, namespace)).dryRun().create();
                case "patch" -> object.dryRun().patch(MERGE, "{\"metadata\": {\"labels\": {\"tried\": \"true\"}}}");
                case "patch-status" -> object.subresource("status").patch(MERGE, "{}");
                case "delete" -> object.dryRun().delete();
                default -> throw new IllegalArgumentException(verb);
            }
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getCode())
                    .as("%s %s: %s", verb, kind, e.getMessage())
                    .isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
            return false;
        }
    }

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private static String existing(String kind) {
        return switch (kind) {
            case "DatabaseClass" -> "standard";
            case "DatabasePolicy" -> "baseline";
            case "DatabaseWaiver" -> "closing";
            default -> "shared";
        };
    }

    private GenericKubernetesResource fresh(String kind, String namespace) {
        return switch (kind) {
            case "DatabaseClaim" -> claim(namespace, "fresh");
            case "DatabaseClass" ->
                object(kind, "fresh", "{serverSelector: {matchLabels: {tier: x}}, majorVersions: [18]}");
            case "DatabasePolicy" -> object(kind, "fresh", "{enforcement: Audit, target: {}}");
            case "DatabaseWaiver" -> object(kind, "fresh", waiver());
            default -> object(kind, "fresh", server());
        };
    }

    @AfterAll
    void remove() {
        for (var kind : List.of("DatabaseClass", "DatabasePolicy", "DatabaseWaiver", "PostgresServer")) {
            admin.genericKubernetesResources("howdah.dev/v1alpha1", kind)
                    .withName(existing(kind) + "-" + id)
                    .delete();
        }
        for (var role : List.of("view", "howdah-dba")) {
            admin.rbac().clusterRoleBindings().withName(role + "-" + id).delete();
        }
        for (var role : List.of("howdah-view", "howdah-edit", "howdah-dba")) {
            admin.rbac().clusterRoles().withName(role).delete();
        }
        List.of(own, other)
                .forEach(namespace -> admin.namespaces().withName(namespace).delete());
        clients.values().forEach(KubernetesClient::close);
        admin.close();
    }
}
