// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A cluster with an operator in it, for the tests of one class; its names are its own and go with it. */
final class Stage implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Settings SETTINGS =
            new Settings("", SWEEP, Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofHours(1), 90);

    final KubernetesClient client = TestEnvironment.controlPlane().client();
    final ShiftedClock clock = new ShiftedClock();
    final String id = UUID.randomUUID().toString().substring(0, 6);
    final String operatorNamespace = "howdah-" + id;
    final String installation = UUID.randomUUID().toString();
    final Settings settings;
    private final List<String> namespaces = new ArrayList<>();
    private @Nullable RunningOperator operator;

    private Stage(Settings settings) {
        this.settings = new Settings(
                operatorNamespace,
                settings.sweepInterval(),
                settings.orphanGrace(),
                settings.unreachableGrace(),
                settings.measureInterval(),
                settings.journalRetentionDays(),
                settings.lookInterval());
    }

    /** With an operator that sweeps every second and otherwise is as patient as by default. */
    static Stage open() {
        return open(SETTINGS);
    }

    static Stage open(Settings settings) {
        var stage = installed(settings);
        stage.start();
        return stage;
    }

    /** Without an operator, until {@link #start()}. */
    static Stage installed() {
        return installed(SETTINGS);
    }

    private static Stage installed(Settings settings) {
        var stage = new Stage(settings);
        stage.install();
        return stage;
    }

    private void install() {
        try (var files = Files.list(Path.of("..", "crds"))) {
            for (var file : files.sorted().toList()) {
                var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
                client.resource(crd).forceConflicts().serverSideApply();
                client.resource(crd)
                        .waitUntilCondition(
                                c -> c != null
                                        && c.getStatus() != null
                                        && c.getStatus().getConditions() != null
                                        && c.getStatus().getConditions().stream()
                                                .anyMatch(x -> x.getType().equals("Established")
                                                        && x.getStatus().equals("True")),
                                30,
                                TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        namespace(operatorNamespace, Map.of());
    }

    /** Another process of the operator, with everything to learn anew. */
    void start() {
        start(installation);
    }

    /** The operator of another cluster. */
    void start(String otherInstallation) {
        operator = new RunningOperator(settings, otherInstallation, clock);
    }

    void stop() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
    }

    /** The verdict of the operator that runs. */
    ClaimJudge judge() {
        return java.util.Objects.requireNonNull(operator).judge();
    }

    /** What the operator knows of a server. */
    Member member(String server) {
        return Objects.requireNonNull(operator).fleet().member(named(server)).orElseThrow();
    }

    String namespace(String prefix) {
        return namespace(prefix + "-" + id, Map.of());
    }

    String namespace(String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        namespaces.add(name);
        return name;
    }

    /** The full name of something that has no namespace. */
    String named(String name) {
        return name + "-" + id;
    }

    void adminSecret(String name, String user, String password, @Nullable String caPem) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(named(name))
                .withNamespace(operatorNamespace)
                .endMetadata()
                .addToStringData("username", user)
                .addToStringData("password", password);
        if (caPem != null) {
            secret.addToStringData("ca.crt", caPem);
        }
        client.resource(secret.build()).forceConflicts().serverSideApply();
    }

    /** A server object named and labelled so, with the server's own superuser as its admin. */
    void server(String name, TestPostgres postgres, String... spec) {
        server(name, postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()), spec);
    }

    /** The same with an admin that may create databases and roles. */
    void plainServer(String name, TestPostgres postgres) throws SQLException {
        server(name, postgres, postgres.createAdmin("platform_admin"));
    }

    private void server(String name, TestPostgres postgres, PostgresLogin admin, String... spec) {
        adminSecret(name, admin.name(), admin.password(), postgres.caPem().orElse(null));
        serverObject(
                name, postgres.host(), postgres.port(), postgres.caPem().isPresent() ? "verify-full" : "disable", spec);
    }

    void serverObject(String name, String host, int port, String sslMode, String... spec) {
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: %1$s, labels: {tier: %1$s}}
                spec:
                  external: {host: "%2$s", port: %3$d, sslMode: %4$s, adminSecretRef: {name: %1$s}}
                %5$s""".formatted(named(name), host, port, sslMode, lines(spec)), PostgresServer.class);
    }

    /** A class of the same name as the server it selects. */
    void classOn(String name, String server, String... spec) {
        databaseClass(name, "{}", server, spec);
    }

    void defaultClassOn(String name, String server, String... spec) {
        databaseClass(name, "{howdah.dev/is-default-class: \"true\"}", server, spec);
    }

    private void databaseClass(String name, String annotations, String server, String... spec) {
        var text = lines(spec);
        create(
                """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: %s, annotations: %s}
                spec:
                  serverSelector: {matchLabels: {tier: %s}}
                %s%s""".formatted(
                                named(name),
                                annotations,
                                named(server),
                                text.contains("majorVersions") ? "" : "  majorVersions: [18]\n",
                                text),
                DatabaseClass.class);
    }

    /** A claim of a class of this stage; {@code className} without more is the class's short name. */
    DatabaseClaim claim(String namespace, String name, String className, String... spec) {
        return claimText(namespace, name, "  className: " + named(className) + "\n" + lines(spec));
    }

    DatabaseClaim bareClaim(String namespace, String name) {
        return claimText(namespace, name, " {}");
    }

    private DatabaseClaim claimText(String namespace, String name, String spec) {
        return create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec:%s%s
                """.formatted(name, namespace, spec.startsWith(" {") ? "" : "\n", spec), DatabaseClaim.class);
    }

    private static String lines(String... spec) {
        var text = new StringBuilder();
        for (var line : spec) {
            text.append("  ").append(line).append('\n');
        }
        return text.toString();
    }

    private <T extends HasMetadata> T create(String yaml, Class<T> kind) {
        return client.resource(Serialization.unmarshal(yaml, kind)).create();
    }

    /** {@code target} is a line of its own, {@code spec} the rest. */
    void policy(String name, String enforcement, String target, String... spec) {
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: %s, labels: {stage: %s}}
                spec:
                  enforcement: %s
                  %s
                %s""".formatted(named(name), id, enforcement, target, lines(spec)), DatabasePolicy.class);
    }

    void waiver(String name, String namespace, String claim, Instant expires, String limits) {
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseWaiver
                metadata: {name: %s, labels: {stage: %s}}
                spec:
                  claimRef: {namespace: %s, name: %s}
                  limits: %s
                  owner: dba-oncall
                  reason: a test
                  expirationTime: "%s"
                """.formatted(named(name), id, namespace, claim, limits, expires), DatabaseWaiver.class);
    }

    Resource<DatabasePolicy> policies(String name) {
        return client.resources(DatabasePolicy.class).withName(named(name));
    }

    Resource<DatabaseWaiver> waivers(String name) {
        return client.resources(DatabaseWaiver.class).withName(named(name));
    }

    /** They are the whole cluster's, and the next test's too. */
    void withdrawPolicies() {
        client.resources(DatabasePolicy.class).withLabel("stage", id).delete();
        client.resources(DatabaseWaiver.class).withLabel("stage", id).delete();
    }

    Resource<DatabaseClaim> claims(String namespace, String name) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(name);
    }

    Resource<PostgresServer> servers(String name) {
        return client.resources(PostgresServer.class).withName(named(name));
    }

    Resource<DatabaseClass> classes(String name) {
        return client.resources(DatabaseClass.class).withName(named(name));
    }

    /** The one pair of a server's {@code spec.adoptions}, with {@code more} of its fields as in flow style. */
    void pair(String server, String database, String namespace, String claim, String more) {
        patchSpec(
                servers(server),
                "{adoptions: [{database: \"%s\", claimRef: {namespace: %s, name: %s}%s}]}"
                        .formatted(database, namespace, claim, more));
    }

    void noPair(String server) {
        patchSpec(servers(server), "{adoptions: null}");
    }

    /** What {@code kubectl patch --type=merge} does, with the spec as YAML in flow style. */
    void patchSpec(Resource<? extends HasMetadata> resource, String spec) {
        patch(resource, Serialization.asJson(Serialization.unmarshal("spec: " + spec, Object.class)));
    }

    void annotate(Resource<? extends HasMetadata> resource, String key, @Nullable String value) {
        patch(
                resource,
                "{\"metadata\": {\"annotations\": {\"%s\": %s}}}"
                        .formatted(key, value == null ? "null" : "\"" + value + "\""));
    }

    static void patch(Resource<? extends HasMetadata> resource, String json) {
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    /** As if somebody restored the objects without their status. */
    void forgetStatus(Resource<DatabaseClaim> claim) {
        claim.subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": null}");
    }

    /** Waits until the claim says so about its latest generation. */
    DatabaseClaim ready(String namespace, String name) {
        return says(namespace, name, "True", Reason.Provisioned);
    }

    DatabaseClaim says(String namespace, String name, String ready, Reason reason) {
        return Seen.until(
                claims(namespace, name),
                claim -> claim.getStatus() != null
                        && claim.getMetadata()
                                .getGeneration()
                                .equals(claim.getStatus().observedGeneration())
                        && Seen.is(claim.getStatus().conditions(), "Ready", ready, reason),
                namespace + "/" + name + " says " + reason);
    }

    PostgresServer serverSays(String name, String ready, Reason reason) {
        return Seen.until(
                servers(name),
                server ->
                        server.getStatus() != null && Seen.is(server.getStatus().conditions(), "Ready", ready, reason),
                name + " says " + reason);
    }

    @Nullable
    Secret secret(String namespace, String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    /** The events about an object, oldest first. */
    List<Event> events(HasMetadata about) {
        return client.events().v1().events().inAnyNamespace().list().getItems().stream()
                .filter(e ->
                        about.getMetadata().getUid().equals(e.getRegarding().getUid()))
                .sorted(Comparator.comparing(e -> e.getEventTime().getTime()))
                .toList();
    }

    List<String> reasons(HasMetadata about) {
        return events(about).stream().map(Event::getReason).toList();
    }

    /** Everything of this stage goes; the operator is stopped first, so that nothing is waited for. */
    @Override
    public void close() {
        withdrawPolicies();
        stop();
        for (var namespace : namespaces) {
            for (var claim : client.resources(DatabaseClaim.class)
                    .inNamespace(namespace)
                    .list()
                    .getItems()) {
                release(claims(namespace, claim.getMetadata().getName()));
            }
            client.namespaces().withName(namespace).delete();
        }
        for (var server : client.resources(PostgresServer.class).list().getItems()) {
            if (server.getMetadata().getName().endsWith(id)) {
                release(client.resource(server));
            }
        }
        for (var databaseClass : client.resources(DatabaseClass.class).list().getItems()) {
            if (databaseClass.getMetadata().getName().endsWith(id)) {
                client.resource(databaseClass).delete();
            }
        }
        client.close();
    }

    static void release(Resource<? extends HasMetadata> resource) {
        patch(resource, "{\"metadata\": {\"finalizers\": null}}");
        resource.delete();
    }
}
