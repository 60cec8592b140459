// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.engine.ExternalServer;
import dev.howdah.plan.Plan;
import dev.howdah.plan.PlanCase;
import dev.howdah.plan.Retirement;
import dev.howdah.plan.World;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.policy.rulebook.Rulebook;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of edits of one kind's spec. The API server decides each first, by schema and CEL; what it lets through is
 * judged as the operator judges it; what that lets through is carried out on a server in memory, and comes to the same as
 * the last spec alone would.
 */
final class Fuzz {
    private static final Map<String, String> BASES = Map.of(
            "DatabaseClaim",
            "{className: standard, connections: 5, parameters: {work_mem: 8MB}, schemas: [public], extensions: [{name: hstore}], access: [{name: app, role: Owner, binding: true}]}",
            "DatabaseClass",
            "{serverSelector: {matchLabels: {tier: main}}, majorVersions: [18]}",
            "DatabasePolicy",
            "{enforcement: Enforce, target: {classNames: [nosuch]}, limits: {connections: {max: 50}}}",
            "DatabaseWaiver",
            "{claimRef: {namespace: shop, name: orders}, limits: {connections: {max: 100}}, owner: dba, reason: test, expirationTime: \"2099-01-01T00:00:00Z\"}",
            "PostgresServer",
            "{external: {host: 127.0.0.1, port: 1, sslMode: disable, adminSecretRef: {name: nosuch}}}");

    private final Rig rig;
    private final SchemaWalk walk;
    private final Mutations mutations;
    private final Random random;
    private int turn;
    int refused;
    int denied;
    int carriedOut;

    Fuzz(Rig rig, SchemaWalk walk, long seed) {
        this.rig = rig;
        this.walk = walk;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + walk.kind().hashCode());
        this.mutations = new Mutations(walk, random);
        create();
    }

    Mutations mutations() {
        return mutations;
    }

    private GenericKubernetesResource object(Map<String, Object> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("howdah.dev/v1alpha1");
        object.setKind(walk.kind());
        object.setMetadata(new ObjectMeta());
        object.getMetadata().setName("fuzzed");
        if (walk.namespaced()) {
            object.getMetadata().setNamespace(rig.cluster.namespace);
        }
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    /** The object that edits are tried on: no operator runs. */
    private void create() {
        rig.cluster.client.resource(object(base())).forceConflicts().serverSideApply();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> base() {
        return copy(Serialization.unmarshal("---\n" + BASES.get(walk.kind()), Map.class));
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) {
        return (T)
                switch (value) {
                    case Map<?, ?> map -> {
                        var copied = new LinkedHashMap<Object, @Nullable Object>();
                        map.forEach((k, v) -> copied.put(k, v == null ? null : copy(v)));
                        yield copied;
                    }
                    case List<?> list -> {
                        var copied = new ArrayList<@Nullable Object>();
                        list.forEach(v -> copied.add(v == null ? null : copy(v)));
                        yield copied;
                    }
                    default -> value;
                };
    }

    /** Returns for each edit what is wrong with how it was decided; empty lists are good. */
    List<List<String>> sequence() {
        var outcomes = new ArrayList<List<String>>();
        var spec = base();
        var claim = walk.kind().equals("DatabaseClaim") ? new ClaimInMemory() : null;
        if (claim != null) {
            claim.decide(typed(object(spec), DatabaseClaim.class).getSpec());
        }
        for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
            var next = copy(spec);
            var what = mutations.mutate(next, turn++);
            mutations.note(next);
            var wrong = new ArrayList<String>();
            try {
                var sent = rig.cluster.client.resource(object(next)).dryRun().update();
                spec = next;
                decide(sent, claim);
            } catch (KubernetesClientException e) {
                refused++;
                var status = e.getStatus();
                if ((e.getCode() != 422 && e.getCode() != 400) || status == null || status.getMessage() == null) {
                    wrong.add("not decided by the API server: " + e.getCode() + " " + e.getMessage());
                }
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                var trace = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(trace));
                wrong.add(trace.toString().lines().limit(6).reduce("", (a, b) -> a + " | " + b));
                spec = base();
                claim = walk.kind().equals("DatabaseClaim") ? new ClaimInMemory() : null;
            }
            outcomes.add(wrong.isEmpty() ? wrong : List.of(walk.kind() + " " + what + ": " + wrong + " in " + next));
        }
        if (claim != null && claim.accepted != null) {
            try {
                claim.sameAsFresh();
            } catch (AssertionError | RuntimeException e) {
                outcomes.set(outcomes.size() - 1, List.of(e + " in " + spec));
            }
        }
        return outcomes;
    }

    private static <T extends HasMetadata> T typed(HasMetadata object, Class<T> kind) {
        return Serialization.unmarshal(Serialization.asJson(object), kind);
    }

    private void decide(HasMetadata sent, @Nullable ClaimInMemory claim) {
        switch (walk.kind()) {
            case "DatabaseClaim" ->
                Objects.requireNonNull(claim)
                        .decide(typed(sent, DatabaseClaim.class).getSpec());
            case "DatabasePolicy" -> {
                var policy = typed(sent, DatabasePolicy.class);
                named(Rulebook.of(List.of(policy), List.of()).policyFaults("fuzzed"));
                judged(Guards.NONE.and(policy));
            }
            case "DatabaseWaiver" -> {
                var waiver = typed(sent, DatabaseWaiver.class);
                named(Rulebook.of(List.of(), List.of(waiver)).waiverFaults("fuzzed"));
                var none = Guards.policy("strict", "limits: {connections: {max: 1}}");
                judged(new Guards(
                        none.databaseClass(), none.policies(), List.of(waiver), null, null, List.of(), none.now()));
            }
            case "DatabaseClass" -> {
                var databaseClass = typed(sent, DatabaseClass.class);
                var faults = ClassTerms.faults(databaseClass);
                named(faults);
                if (faults.isEmpty()) {
                    judged(new Guards(databaseClass, List.of(), List.of(), null, null, List.of(), Guards.NOW));
                }
            }
            case "PostgresServer" -> {
                var server = typed(sent, PostgresServer.class);
                ExternalServer.access(server, name -> Optional.empty());
                carriedOut++;
            }
            default -> throw new IllegalStateException(walk.kind());
        }
    }

    /** An object that is refused says why. */
    private void named(List<String> faults) {
        faults.forEach(fault -> {
            if (fault.isBlank() || fault.length() > 4096) {
                throw new AssertionError("a fault without words, or with too many: " + fault);
            }
        });
        if (faults.isEmpty()) {
            carriedOut++;
        } else {
            denied++;
        }
    }

    private static void judged(Guards guards) {
        for (var spec : List.of(
                "{}",
                "{connections: 60, parameters: {work_mem: 1GB}}",
                "{extensions: [{name: hstore}], deletionPolicy: Delete}")) {
            var review = ClaimReview.review(guards.subject(Guards.spec(spec)));
            review.violations().forEach(violation -> {
                if (violation.message().isBlank()) {
                    throw new AssertionError("a violation without words");
                }
            });
        }
    }

    /** A claim, carried out in memory as often as it is agreed to. */
    private final class ClaimInMemory {
        private final PlanCase.Claim planned = new PlanCase.Claim(PlanCase.server(18, true), false);
        private final World world = new World();
        private Guards guards = Guards.ofClass("majorVersions: [18]");
        private @Nullable DatabaseClaimSpec accepted;

        void decide(DatabaseClaimSpec spec) {
            var review = ClaimReview.review(guards.subject(spec));
            switch (review.verdict()) {
                case Verdict.Denied(var violations) -> {
                    denied++;
                    if (violations.isEmpty()
                            || violations.stream()
                                    .anyMatch(v ->
                                            v.message().isBlank() || v.path().isBlank())) {
                        throw new AssertionError("refused without a reason: " + violations);
                    }
                }
                case Verdict.Admitted admitted -> {
                    guards = guards.accepted(admitted);
                    var answer = planned.apply(spec, false, true, world);
                    if (answer.conflict() != null) {
                        throw new AssertionError(
                                "a conflict with nobody: " + answer.conflict().message());
                    }
                    answer.plans().forEach(world::run);
                    if (!planned.apply(spec, false, false, world).plans().stream()
                            .allMatch(Plan::isEmpty)) {
                        throw new AssertionError("it does not rest: "
                                + planned.apply(spec, false, false, world).plans());
                    }
                    accepted = spec;
                    carriedOut++;
                }
            }
        }

        /** The way does not matter; schemas and extensions are the exception that the contract makes: nothing is dropped. */
        void sameAsFresh() {
            var fresh = new World();
            new PlanCase.Claim(PlanCase.server(18, true), false)
                    .apply(Objects.requireNonNull(accepted), false, true, fresh)
                    .plans()
                    .forEach(fresh::run);
            var here = world.observed();
            var there = fresh.observed();
            same("roles", there.roles(), here.roles());
            same("memberships", there.memberships(), here.memberships());
            same("settings", there.settings(), here.settings());
            same("database", there.database(), here.database());
            same(
                    "extensions",
                    fresh.contents().extensions().keySet(),
                    world.contents().extensions().keySet());
            if (!world.contents()
                    .schemas()
                    .keySet()
                    .containsAll(fresh.contents().schemas().keySet())) {
                throw new AssertionError(
                        "schemas are missing: " + world.contents().schemas().keySet());
            }
            var row = Objects.requireNonNull(here.row());
            world.run(Retirement.retain(row, here, null));
            world.run(Retirement.drop(
                    Objects.requireNonNull(world.observed().row()), world.observed(), PlanCase.server(18, true)));
            if (!world.observed().roles().isEmpty() || world.observed().database() != null) {
                throw new AssertionError("something is left after the end: " + world.observed());
            }
        }

        private static void same(String what, @Nullable Object fresh, @Nullable Object edited) {
            if (!Objects.equals(fresh, edited)) {
                throw new AssertionError("after edits other %s than with the last spec alone: %s instead of %s"
                        .formatted(what, edited, fresh));
            }
        }
    }
}
