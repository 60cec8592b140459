// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A quota is a count, and counts are where races show. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaRaceIT {
    private static final int CLAIMS = 200;
    private static final int QUOTA = 10;
    private static final int WRITERS = 8;
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);

    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        System.out.println("QuotaRaceIT: -Dhowdah.seed=" + SEED);
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    @AfterEach
    void withdraw() {
        stage.withdrawPolicies();
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private String limited(String name) {
        var ns = stage.namespace(name + "-" + stage.id, Map.of("policy", stage.named(name)));
        stage.policy(
                name,
                "Enforce",
                "target: {namespaceSelector: {matchLabels: {policy: %s}}}".formatted(stage.named(name)),
                "quota: {databases: %d}".formatted(QUOTA));
        Seen.until(stage.policies(name), policy -> policy.getStatus() != null, "the policy is known");
        return ns;
    }

    private void create(String ns, List<String> names) {
        try (var writers = Executors.newFixedThreadPool(WRITERS)) {
            names.forEach(name -> writers.submit(() -> stage.claim(ns, name, "standard")));
        }
    }

    private static List<String> names() {
        return IntStream.range(0, CLAIMS).mapToObj("c%03d"::formatted).toList();
    }

    private List<DatabaseClaim> claims(String ns) {
        return stage.client
                .resources(DatabaseClaim.class)
                .inNamespace(ns)
                .list()
                .getItems();
    }

    private static boolean reads(DatabaseClaim claim, String ready, Reason reason) {
        return claim.getStatus() != null && Seen.is(claim.getStatus().conditions(), "Ready", ready, reason);
    }

    private TreeSet<String> ready(String ns) {
        return claims(ns).stream()
                .filter(claim -> reads(claim, "True", Reason.Provisioned))
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void settles(String ns) {
        // One that was judged before all who were there is over the quota for a moment, until it is looked at again.
        Seen.untilTrue(
                () -> claims(ns).stream()
                                .allMatch(claim -> reads(claim, "True", Reason.Provisioned)
                                        || reads(claim, "False", Reason.QuotaExceeded))
                        && ready(ns).size() == QUOTA,
                "every claim of " + ns + " is ready or over the quota, and the quota is used up");
    }

    @Test
    void ofTwoHundredAtOnceTenAreTakenAndTheSameTenAfterARestart() {
        var ns = limited("race");
        create(ns, names());
        settles(ns);
        var taken = ready(ns);
        assertThat(taken).hasSize(QUOTA);
        assertThat(Sql.databases(postgres))
                .filteredOn(name -> name.startsWith(ns + "_"))
                .hasSize(QUOTA);

        stage.stop();
        stage.start();
        stage.policy("probe", "Audit", "target: {}");
        Seen.until(
                stage.policies("probe"),
                policy -> policy.getStatus() != null
                        && Objects.requireNonNullElse(policy.getStatus().targets(), 0) >= CLAIMS,
                "every claim was looked at anew");
        settles(ns);
        assertThat(ready(ns)).isEqualTo(taken);
        assertThat(Sql.databases(postgres))
                .filteredOn(name -> name.startsWith(ns + "_"))
                .hasSize(QUOTA);
    }

    @Test
    void createdWhileTheOperatorIsAwayTheFirstTenAreTaken() {
        var ns = limited("away");
        stage.stop();
        var names = new java.util.ArrayList<>(names());
        java.util.Collections.shuffle(names, new Random(SEED));
        create(ns, names);
        stage.start();
        settles(ns);
        var first = claims(ns).stream()
                .sorted(Comparator.comparing(
                                (DatabaseClaim c) -> c.getMetadata().getCreationTimestamp())
                        .thenComparing(c -> c.getMetadata().getName()))
                .limit(QUOTA)
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ready(ns)).isEqualTo(first);

        // A lower quota takes nothing away; without one everybody is served.
        stage.patchSpec(stage.policies("away"), "{quota: {databases: 1}}");
        Seen.until(
                stage.policies("away"),
                policy -> policy.getMetadata()
                        .getGeneration()
                        .equals(policy.getStatus().observedGeneration()),
                "the lower quota");
        assertThat(ready(ns)).isEqualTo(first);
        assertThat(Serialization.asJson(Sql.databases(postgres))).contains(ns + "_" + first.first());
        stage.patchSpec(stage.policies("away"), "{quota: {databases: 12}}");
        Seen.untilTrue(() -> ready(ns).size() == 12, "two more");
        assertThat(ready(ns)).containsAll(first);
    }
}
