// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.state.ReasonPage;
import dev.howdah.cli.status.ServerState;
import dev.howdah.cli.world.World;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.Labels;
import dev.howdah.policy.rulebook.Rulebook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the objects are in order, by what they say of themselves and by what this build makes of them. */
final class ObjectChecks {
    private final World world;
    private final Instant now;
    private final Rulebook rulebook;
    private final Map<String, List<String>> faults;

    ObjectChecks(World world, Instant now) {
        this.world = world;
        this.now = now;
        var judgements = Judgements.of(world, now);
        this.rulebook = judgements.rulebook();
        this.faults = judgements.faults(world);
    }

    List<Check> checks() {
        var checks = new ArrayList<Check>();
        checks.addAll(classes());
        checks.addAll(servers());
        checks.addAll(policies());
        checks.addAll(waivers());
        checks.addAll(claims());
        return checks;
    }

    private List<Check> classes() {
        var checks = new ArrayList<Check>();
        var defaults = world.classes().values().stream()
                .filter(ClassChoice::isDefault)
                .map(offered -> offered.getMetadata().getName())
                .toList();
        if (defaults.size() > 1) {
            checks.add(
                    Check.problem(
                            "class",
                            String.join(", ", defaults),
                            "are all marked as the default, so claims without a `className` get none",
                            "Take the annotation howdah.dev/is-default-class away from all but one; see docs/reasons/DefaultConflict.md"));
        }
        if (defaults.isEmpty()) {
            checks.add(Check.warning(
                    "class",
                    "default",
                    "no class is marked as the default, so every claim must name one",
                    "Annotate one with howdah.dev/is-default-class: \"true\", or leave it so"));
        }
        world.classes().forEach((name, offered) -> {
            faults("DatabaseClass/" + name, "class", name, checks);
            conditions(
                    "class",
                    name,
                    offered.getStatus() == null ? null : offered.getStatus().conditions(),
                    checks);
            var selector = offered.getSpec().serverSelector();
            if (!world.servers().isEmpty()
                    && world.servers().values().stream()
                            .noneMatch(server ->
                                    Labels.match(selector, server.getMetadata().getLabels()))) {
                checks.add(Check.warning(
                        "class",
                        name,
                        "its `serverSelector` selects no server, so its new claims wait",
                        "Label a PostgresServer so, or change the selector; see docs/reasons/NoMatchingServer.md"));
            }
        });
        return Check.orFine(checks, "class", count(world.classes().size()), "in order");
    }

    private static String count(int all) {
        return all == 1 ? "1" : "all " + all;
    }

    private void faults(String key, String area, String name, List<Check> checks) {
        faults.getOrDefault(key, List.of())
                .forEach(fault ->
                        checks.add(Check.problem(area, name, fault, "Correct it; until then it does nothing new")));
    }

    /** What it says of itself. */
    private static void conditions(String area, String name, @Nullable List<Condition> conditions, List<Check> checks) {
        amiss(conditions).forEach(condition -> checks.add(of(area, name, condition)));
    }

    /** Which conditions come from one cause is told by their message; one of them is enough. */
    private static Collection<Condition> amiss(@Nullable List<Condition> conditions) {
        var once = new LinkedHashMap<String, Condition>();
        Conditions.amiss(conditions).forEach(condition -> once.putIfAbsent(condition.message(), condition));
        return once.values();
    }

    private static Check of(String area, String name, Condition condition) {
        var says = "%s: %s".formatted(Conditions.text(condition), condition.message());
        return passes(condition)
                ? Check.warning(area, name, says, wayOut(condition))
                : Check.problem(area, name, says, wayOut(condition));
    }

    /** What may come by itself, and a policy that holds and has nobody to hold yet. */
    private static boolean passes(Condition condition) {
        return condition.reason().equals("Pending") || condition.type().equals("Reconciling");
    }

    /** The first thing to do, and where there is more. */
    private static String wayOut(Condition condition) {
        var page = ReasonPage.of(condition.reason());
        return page.map(one -> one.advice().isEmpty()
                        ? "See " + one.path()
                        : "%s See %s".formatted(one.advice().getFirst(), one.path()))
                .orElse("See kubectl describe");
    }

    private List<Check> servers() {
        if (world.servers().isEmpty()) {
            return List.of(Check.warning(
                    "server",
                    "none",
                    "no PostgresServer is seen, so no claim gets a database",
                    "Apply one, or ask who may list them"));
        }
        var checks = new ArrayList<Check>();
        world.servers().forEach((name, server) -> server(name, server, checks));
        return Check.orFine(checks, "server", count(world.servers().size()), "in order");
    }

    private static void server(String name, PostgresServer server, List<Check> checks) {
        var conditions = server.getStatus() == null ? null : server.getStatus().conditions();
        if (Conditions.find(conditions, "Ready").isEmpty()) {
            checks.add(Check.problem(
                    "server",
                    name,
                    "nobody has looked at it yet",
                    "See whether the operator runs, with the checks above"));
        }
        for (var condition : Conditions.amiss(conditions)) {
            var check = of("server", name, condition);
            checks.add(
                    ServerState.onlyReported(server, condition)
                            ? Check.warning("server", name, check.says(), String.valueOf(check.wayOut()))
                            : check);
        }
    }

    private List<Check> policies() {
        var checks = new ArrayList<Check>();
        world.policies().forEach((name, policy) -> {
            faults("DatabasePolicy/" + name, "policy", name, checks);
            if (!faults.containsKey("DatabasePolicy/" + name)) {
                conditions(
                        "policy",
                        name,
                        policy.getStatus() == null ? null : policy.getStatus().conditions(),
                        checks);
            }
        });
        return Check.orFine(checks, "policy", count(world.policies().size()), "in order");
    }

    private List<Check> waivers() {
        var checks = new ArrayList<Check>();
        world.waivers().forEach((name, waiver) -> {
            faults("DatabaseWaiver/" + name, "waiver", name, checks);
            var key = waiver.getSpec().claimRef().namespace() + "/"
                    + waiver.getSpec().claimRef().name();
            if (ended(waiver)) {
                checks.add(Check.warning(
                        "waiver",
                        name,
                        "is over since %s; %s is held to the limits again"
                                .formatted(waiver.getSpec().expirationTime(), key),
                        "Delete it, or give it another expirationTime; see docs/reasons/WaiverExpired.md"));
            } else if (!world.claims().containsKey(key)) {
                checks.add(Check.warning(
                        "waiver",
                        name,
                        "there is no claim %s for it".formatted(key),
                        "Correct its `claimRef`, or delete it"));
            }
        });
        return Check.orFine(checks, "waiver", count(world.waivers().size()), "in force");
    }

    /** One that cannot be read is a fault, which is told. */
    private boolean ended(DatabaseWaiver waiver) {
        var claim = waiver.getSpec().claimRef();
        return rulebook.waiversOf(claim.namespace(), claim.name()).stream()
                .anyMatch(terms -> terms.name().equals(waiver.getMetadata().getName()) && terms.ended(now));
    }

    private List<Check> claims() {
        var checks = new ArrayList<Check>();
        world.claims().forEach((key, claim) -> claim(key, claim, checks));
        return Check.orFine(checks, "claim", count(world.claims().size()), "ready");
    }

    private static void claim(String key, DatabaseClaim claim, List<Check> checks) {
        var conditions = claim.getStatus() == null ? null : claim.getStatus().conditions();
        var stalled = Conditions.isTrue(conditions, "Stalled");
        for (var condition : amiss(conditions)) {
            var check = of("claim", key, condition);
            checks.add(
                    stalled
                                    || condition.type().equals("Ready")
                                            && condition.status().equals("False")
                            ? Check.problem("claim", key, check.says(), String.valueOf(check.wayOut()))
                            : check);
        }
    }
}
