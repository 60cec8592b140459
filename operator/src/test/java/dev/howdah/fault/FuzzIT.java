// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Specs edited at random are decided: {@code make fuzz} makes 10,000 edits ({@code -Dhowdah.fuzz=10000}) and applies 200
 * sequences to a running operator ({@code -Dhowdah.fuzz.applied=200}), {@code make test} a share.
 */
class FuzzIT {
    private final int edits = Integer.getInteger("howdah.fuzz", 1_000);
    private final int applied = Integer.getInteger("howdah.fuzz.applied", 4);
    private final long seed = Long.getLong("howdah.seed", 1);
    private final Tally tally = new Tally("fuzz");

    @Test
    void every_edit_is_decided() {
        System.out.println("fuzz: seed " + seed);
        var coverage = new ArrayList<String>();
        try (var rig = Rig.open(18, true)) {
            for (var walk : SchemaWalk.all()) {
                var share = walk.kind().equals("DatabaseClaim") ? edits * 2 / 5 : edits * 3 / 20;
                coverage.add(
                        edit(rig, walk, Math.max(share, 3 * walk.properties().size() + 3)));
            }
            rig.cluster
                    .client
                    .genericKubernetesResources("howdah.dev/v1alpha1", "DatabaseClaim")
                    .inNamespace(rig.cluster.namespace)
                    .withName("fuzzed")
                    .delete();
            for (var kind : List.of("DatabasePolicy", "DatabaseWaiver", "DatabaseClass", "PostgresServer")) {
                rig.cluster
                        .client
                        .genericKubernetesResources("howdah.dev/v1alpha1", kind)
                        .withName("fuzzed")
                        .delete();
            }
            names(rig);
            apply(rig);
        }
        coverage.forEach(System.out::println);
        if (edits >= 10_000) {
            Section.write("fuzz", """
                    Seed %d, in %d minutes.

                    %s
                    %s
                    """.formatted(
                    seed,
                    tally.minutes(),
                    String.join("\n", coverage.stream().map(line -> "- " + line).toList()) + "\n",
                    tally.table("what was edited")));
        }
        tally.conclude();
    }

    private String edit(Rig rig, SchemaWalk walk, int share) {
        var fuzz = new Fuzz(rig, walk, seed);
        int done = 0;
        while (done < share
                || (done < 6 * share && !fuzz.mutations().unreached().isEmpty())) {
            for (var wrong : fuzz.sequence()) {
                done++;
                tally.count(walk.kind(), wrong, "make fuzz SEED=" + seed);
            }
        }
        var unreached = fuzz.mutations().unreached();
        tally.count("coverage", unreached.isEmpty() ? List.of() : List.of("not reached: " + unreached), walk.kind());
        return "%s: %d of %d properties reached; %d edits refused by the API server, %d by a reason of the operator, %d carried out"
                .formatted(
                        walk.kind(),
                        walk.properties().size() - unreached.size(),
                        walk.properties().size(),
                        fuzz.refused,
                        fuzz.denied,
                        fuzz.carriedOut);
    }

    /** Each into every field of a claim that takes a name: refused with a reason, or let through as it is. */
    private void names(Rig rig) {
        int turn = 0;
        for (var name : NameCorpus.names()) {
            if (edits < 10_000 && turn++ % 5 != 0) {
                continue;
            }
            var wrong = new ArrayList<String>();
            var specs = Map.<String, Object>of(
                    "schemas", List.of("public", name),
                    "extensions", List.of(Map.of("name", name)),
                    "parameters", Map.of(name, "1"),
                    "access", List.of(Map.of("name", name, "role", "Owner")),
                    "className", name);
            specs.forEach((field, value) -> dryRun(rig, "base", Map.of(field, value), wrong));
            dryRun(
                    rig,
                    "base",
                    Map.of("access", List.of(Map.of("name", "app", "role", "Owner", "secretName", name))),
                    wrong);
            dryRun(rig, name, Map.of(), wrong);
            tally.count("names", wrong, "the name " + name);
        }
    }

    private static void dryRun(Rig rig, String name, Map<String, Object> spec, List<String> wrong) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("howdah.dev/v1alpha1");
        object.setKind("DatabaseClaim");
        object.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMeta());
        object.getMetadata().setName(name);
        object.getMetadata().setNamespace(rig.cluster.namespace);
        object.setAdditionalProperty("spec", spec);
        try {
            var sent = rig.cluster.client.resource(object).dryRun().create();
            var claim =
                    Serialization.unmarshal(Serialization.asJson(sent), dev.howdah.api.v1alpha1.DatabaseClaim.class);
            dev.howdah.policy.review.ClaimReview.review(
                    dev.howdah.policy.Guards.ofClass("majorVersions: [18]").subject(claim.getSpec()));
            var names = dev.howdah.policy.ClaimNames.of(rig.cluster.namespace, name);
            if (!NameCorpus.fits(names.database()) || !NameCorpus.fits(names.login("x".repeat(16), "a"))) {
                wrong.add("a name PostgreSQL would cut: " + names.database());
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != 422 && e.getCode() != 400) {
                wrong.add(spec + ": " + e.getCode() + " " + e.getMessage());
            }
        } catch (RuntimeException e) {
            wrong.add(spec + ": " + e);
        }
    }

    private static final List<String> EDITS = List.of(
            "connections: 7",
            "connections: 1",
            "connections: null",
            "storage: 10Gi",
            "storage: 1Gi",
            "parameters: {work_mem: 16MB}",
            "parameters: {work_mem: nosuch}",
            "parameters: {lock_timeout: 3s, work_mem: null}",
            "parameters: {search_path: x}",
            "parameters: null",
            "schemas: [public, audit]",
            "schemas: [public, audit, select]",
            "schemas: [public]",
            "schemas: [pg_x]",
            "extensions: [{name: hstore}]",
            "extensions: [{name: hstore}, {name: pg_trgm}]",
            "extensions: []",
            "extensions: [{name: plpython3u}]",
            "extensions: [{name: hstore, version: \"1.4\"}]",
            "access: [{name: app, role: Owner, binding: true}]",
            "access: [{name: app, role: ReadWrite, binding: true}, {name: report, role: ReadOnly}]",
            "access: [{name: app, role: Owner, binding: true}, {name: batch, role: Owner, connections: 2}]",
            "access: [{name: report, role: ReadOnly, binding: true}]",
            "access: []",
            "deletionPolicy: Delete",
            "deletionPolicy: Retain",
            "className: passing",
            "majorVersion: 17",
            "majorVersion: 18",
            "access: null");

    /** On a running operator: decided, at rest, and as the last spec alone would be. */
    private void apply(Rig rig) {
        var errors = new CopyOnWriteArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                    errors.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger.getLogger("").addHandler(handler);
        var invariants = new Invariants(rig);
        try {
            for (int i = 0; i < applied; i++) {
                var wrong = new ArrayList<String>();
                var random = new Random((seed + i) * 0x9E3779B97F4A7C15L);
                var edited = Rig.freshName();
                var fresh = Rig.freshName();
                try {
                    rig.ready();
                    sequence(rig, random, edited, fresh, wrong);
                } catch (AssertionError | KubernetesClientException e) {
                    wrong.add(e.toString());
                }
                if (!errors.isEmpty()) {
                    wrong.add("logged as errors: " + errors);
                    errors.clear();
                }
                wrong.addAll(invariants.broken());
                tally.count("applied to a running operator", wrong, "make fuzz SEED=" + seed + ", sequence " + i);
                for (var name : List.of(edited, fresh)) {
                    if (rig.cluster.claim(name).get() != null) {
                        rig.cluster.claim(name).delete();
                    }
                    Rig.await(name + " goes", () -> rig.cluster.claim(name).get() == null);
                    rig.forget(name);
                }
            }
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }
    }

    private void sequence(Rig rig, Random random, String edited, String fresh, List<String> wrong) {
        rig.cluster.createClaim(edited, "{className: standard, connections: 5}");
        Scenario.awaitReady(rig, edited);
        Map<String, Object> last = new LinkedHashMap<>(Map.of("className", "standard", "connections", 5));
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            var edit = EDITS.get(random.nextInt(EDITS.size()));
            try {
                Cluster.patch(rig.cluster.claim(edited), "spec: {" + edit + "}");
            } catch (KubernetesClientException e) {
                if (e.getCode() != 422) {
                    wrong.add(edit + ": " + e.getMessage());
                }
                continue;
            }
            if (random.nextInt(3) == 0) {
                // The next one comes before this is done with.
                continue;
            }
            decided(rig, edited, edit);
            if (Cluster.says(rig.cluster.claim(edited).get(), "Accepted", "True", null)) {
                last = spec(rig, edited);
            }
        }
        decided(rig, edited, "the last edit");
        var claim = rig.cluster.claim(edited).get();
        if (String.valueOf(claim.getStatus().conditions()).contains("Stuck")) {
            wrong.add("Stuck: " + claim.getStatus().conditions());
        }
        if (Cluster.says(claim, "Accepted", "True", null)) {
            last = spec(rig, edited);
        } else {
            var refusal = claim.getStatus().conditions().stream()
                    .filter(c -> c.type().equals("Accepted"))
                    .findFirst();
            assertThat(refusal).isPresent();
            assertThat(refusal.get().message()).as("why").isNotBlank();
            // As last accepted is how it runs; only then the status agrees too.
            replace(rig, edited, last);
            Rig.await("back to what was accepted", () -> rig.cluster.ready(edited));
        }
        Scenario.awaitReady(rig, edited);
        replace(rig, fresh, last);
        Scenario.awaitReady(rig, fresh);
        rig.quiet();
        var edits = new LinkedHashSet<>(kept(Fingerprint.of(rig, edited), last));
        var alone = new LinkedHashSet<>(kept(Fingerprint.of(rig, fresh), last));
        var missing = new LinkedHashSet<>(alone);
        missing.removeAll(edits);
        edits.removeAll(alone);
        // What was asked for once is left where data may be in it.
        edits.removeIf(line -> line.startsWith("schema "));
        if (!missing.isEmpty() || !edits.isEmpty()) {
            wrong.add("another end than the last spec alone: missing " + missing + "; too much " + edits + "; spec "
                    + last);
        }
    }

    private static List<String> kept(Fingerprint print, Map<String, Object> spec) {
        var pinned = String.valueOf(spec.get("extensions")).contains("version");
        return print.lines().stream()
                .filter(line -> !line.startsWith("condition ") && !line.startsWith("status "))
                // An extension stays at the version that was asked for once, until another one is.
                .map(line -> pinned ? line : line.replaceFirst("^(extension \\S+) \\S+", "$1"))
                .toList();
    }

    private static void decided(Rig rig, String name, String edit) {
        try {
            Rig.await(name + " is decided after " + edit, () -> {
                var claim = rig.cluster.claim(name).get();
                return Cluster.says(claim, "Accepted", "False", null) || Cluster.says(claim, "Ready", "True", null);
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; it is "
                            + Serialization.asJson(rig.cluster.claim(name).get()),
                    e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> spec(Rig rig, String name) {
        return Serialization.unmarshal(
                Serialization.asJson(rig.cluster.claim(name).get().getSpec()), Map.class);
    }

    private static void replace(Rig rig, String name, Map<String, Object> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("howdah.dev/v1alpha1");
        object.setKind("DatabaseClaim");
        object.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMeta());
        object.getMetadata().setName(name);
        object.getMetadata().setNamespace(rig.cluster.namespace);
        object.setAdditionalProperty("spec", spec);
        var there = rig.cluster.claim(name).get();
        if (there == null) {
            rig.cluster.client.resource(object).create();
        } else {
            object.getMetadata().setFinalizers(there.getMetadata().getFinalizers());
            object.getMetadata().setResourceVersion(null);
            rig.cluster.client.resource(object).update();
        }
    }
}
