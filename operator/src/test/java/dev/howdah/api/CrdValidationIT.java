// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassSpec;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PolicyLimits;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What a real API server makes of the CRDs: everything in {@code api/valid} is accepted, everything in
 * {@code api/invalid} is refused with the message of its first line, and so are the {@code after}s in
 * {@code api/updates} that have one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrdValidationIT {
    private static final Path CASES = Path.of("src", "test", "resources", "api");
    private static final String EXPECT = "# expect: ";
    private static final int MANY = 10_000;

    /** Cluster-scoped objects of other tests must not be in the way. */
    private final String unique =
            "crd-validation-" + UUID.randomUUID().toString().substring(0, 8);

    private final KubernetesClient client = TestEnvironment.controlPlane().client();

    @BeforeAll
    void install() throws IOException {
        for (var crd : CommittedCrds.all()) {
            client.resource(crd).forceConflicts().serverSideApply();
        }
        for (var crd : CommittedCrds.all()) {
            client.resource(crd).waitUntilCondition(CrdValidationIT::isEstablished, 30, TimeUnit.SECONDS);
        }
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(unique)
                .endMetadata()
                .build();
        client.resource(namespace).create();
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    @AfterAll
    void clean() {
        client.namespaces().withName(unique).delete();
        client.close();
    }

    @TestFactory
    List<DynamicTest> valid() throws IOException {
        return cases("valid")
                .map(file -> dynamicTest(
                        name(file),
                        () -> assertThatCode(() -> strictly(read(file))).doesNotThrowAnyException()))
                .toList();
    }

    @TestFactory
    List<DynamicTest> invalid() throws IOException {
        return cases("invalid")
                .map(file -> dynamicTest(name(file), () -> {
                    var expected = expectation(file);
                    assertThat(expected).as("first line: %s…", EXPECT).isPresent();
                    assertThatThrownBy(() -> strictly(read(file)))
                            .isInstanceOf(KubernetesClientException.class)
                            .hasMessageContaining(expected.orElseThrow());
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> updates() throws IOException {
        return cases("updates")
                .map(folder -> dynamicTest(name(folder), () -> {
                    var before = read(folder.resolve("before.yaml"));
                    var after = folder.resolve("after.yaml");
                    var created = operation(before).create();
                    try {
                        if (before.get("status") != null) {
                            created.setAdditionalProperty("status", before.get("status"));
                            operation(created).updateStatus();
                        }
                        var update = operation(read(after));
                        expectation(after)
                                .ifPresentOrElse(
                                        message -> assertThatThrownBy(update::update)
                                                .isInstanceOf(KubernetesClientException.class)
                                                .hasMessageContaining(message),
                                        () -> assertThatCode(update::update).doesNotThrowAnyException());
                    } finally {
                        operation(before).delete();
                    }
                }))
                .toList();
    }

    /** No tool reads an object that the operator has not seen yet as healthy. */
    @Test
    void objectsAreBornUnknown() {
        var claim = new DatabaseClaim();
        claim.setMetadata(new ObjectMetaBuilder()
                .withName("newborn")
                .withNamespace(unique)
                .addToAnnotations(Howdah.PAUSED, "true")
                .build());
        claim.setSpec(DatabaseClaimSpec.EMPTY);
        var dbClass = new DatabaseClass();
        dbClass.setMetadata(new ObjectMetaBuilder().withName(unique).build());
        dbClass.setSpec(new DatabaseClassSpec(null, new LabelSelector(), List.of(18), null, null, null, null));
        var server = new PostgresServer();
        server.setMetadata(new ObjectMetaBuilder().withName(unique).build());
        server.setSpec(new PostgresServerSpec(
                new PostgresServerSpec.External("pg", null, null, null, new PostgresServerSpec.AdminSecret("a")),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));

        var policy = new DatabasePolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName(unique).build());
        policy.setSpec(new DatabasePolicySpec(Enforcement.Audit, null, null, null, null, null, null));
        var waiver = new DatabaseWaiver();
        waiver.setMetadata(new ObjectMetaBuilder().withName(unique).build());
        waiver.setSpec(new DatabaseWaiverSpec(
                new DatabaseWaiverSpec.ClaimReference("shop", "orders"),
                new PolicyLimits(
                        null, null, null, null, null, null, new PolicyLimits.ConnectionLimit(null, 50), null, null),
                "dba-oncall",
                "quarter-end batch",
                "2026-12-31T00:00:00Z"));

        var bornPolicy = client.resource(policy).dryRun().create();
        assertThat(bornPolicy.getStatus().conditions()).containsExactly(pending("Accepted"));
        assertThat(bornPolicy.getSpec().priority()).isZero();
        assertThat(client.resource(waiver).dryRun().create().getStatus().conditions())
                .containsExactly(pending("Accepted"));
        var bornServer = client.resource(server).dryRun().create();
        assertThat(client.resource(claim).dryRun().create().getStatus().conditions())
                .containsExactly(pending("Ready"));
        assertThat(client.resource(dbClass).dryRun().create().getStatus().conditions())
                .containsExactly(pending("Accepted"));
        assertThat(bornServer.getStatus().conditions()).containsExactly(pending("Ready"));
        assertThat(bornServer.getSpec())
                .isEqualTo(new PostgresServerSpec(
                        new PostgresServerSpec.External(
                                "pg",
                                5432,
                                "postgres",
                                PostgresServerSpec.SslMode.VERIFY_FULL,
                                new PostgresServerSpec.AdminSecret("a")),
                        null,
                        null,
                        null,
                        null,
                        PostgresServerSpec.Hardening.Report,
                        PostgresServerSpec.PasswordMode.Verifier,
                        null,
                        PostgresServerSpec.Drift.Repair,
                        null,
                        null,
                        null));
    }

    /** However large an object is, the API server says which list is too long, and nothing else. */
    @TestFactory
    List<DynamicTest> tooLarge() {
        return List.of(
                dynamicTest(
                        "claim",
                        () -> refusedAsTooLarge("DatabaseClaim", Map.of("parameters", values()), "spec.parameters")),
                dynamicTest(
                        "policy, limits",
                        () -> refusedAsTooLarge(
                                "DatabasePolicy",
                                Map.of("enforcement", "Enforce", "limits", Map.of("parameters", limits())),
                                "spec.limits.parameters")),
                dynamicTest(
                        "policy, extensions",
                        () -> refusedAsTooLarge(
                                "DatabasePolicy",
                                Map.of("enforcement", "Enforce", "limits", Map.of("extensions", extensions())),
                                "spec.limits.extensions")),
                dynamicTest(
                        "policy, overrides",
                        () -> refusedAsTooLarge(
                                "DatabasePolicy",
                                Map.of("enforcement", "Enforce", "overrides", Map.of("parameters", values())),
                                "spec.overrides.parameters")));
    }

    private void refusedAsTooLarge(String kind, Map<String, ?> spec, String field) {
        var object = new GenericKubernetesResource();
        object.setApiVersion(Howdah.GROUP + "/" + Howdah.VERSION);
        object.setKind(kind);
        object.setMetadata(new ObjectMetaBuilder().withName(unique).build());
        object.setAdditionalProperty("spec", spec);
        assertThatThrownBy(() -> strictly(object))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(String.valueOf(MANY));
    }

    private static Map<String, String> values() {
        return numbered().collect(Collectors.toMap(name -> name, name -> "1"));
    }

    private static Map<String, Map<String, String>> limits() {
        return numbered().collect(Collectors.toMap(name -> name, name -> Map.of("max", "1")));
    }

    private static List<Map<String, String>> extensions() {
        return numbered().map(name -> Map.of("name", name)).toList();
    }

    private static Stream<String> numbered() {
        return IntStream.range(0, MANY).mapToObj(i -> "p" + i);
    }

    private static Condition pending(String type) {
        return new Condition(type, "Unknown", null, "1970-01-01T00:00:00Z", "Pending", "Waiting for the operator");
    }

    /** As {@code kubectl} sends it: an unknown field is an error. */
    private GenericKubernetesResource strictly(GenericKubernetesResource object) {
        return operation(object).dryRun().fieldValidation(Validation.STRICT).create();
    }

    private Resource<GenericKubernetesResource> operation(GenericKubernetesResource object) {
        return client.genericKubernetesResources(object.getApiVersion(), object.getKind())
                .inNamespace(unique)
                .resource(object);
    }

    private GenericKubernetesResource read(Path file) {
        var object = Serialization.unmarshal(CommittedCrds.text(file), GenericKubernetesResource.class);
        if (object.getKind().equals("DatabaseClaim")) {
            object.getMetadata().setNamespace(unique);
            object.getMetadata().setAnnotations(Map.of(Howdah.PAUSED, "true"));
        } else {
            object.getMetadata().setName(unique);
        }
        return object;
    }

    private static Optional<String> expectation(Path file) {
        return CommittedCrds.text(file)
                .lines()
                .findFirst()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static Stream<Path> cases(String folder) throws IOException {
        try (var files = Files.list(CASES.resolve(folder))) {
            return files.sorted().toList().stream();
        }
    }
}
