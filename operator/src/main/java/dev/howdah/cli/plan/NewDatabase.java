// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.cli.judge.Judged;
import dev.howdah.plan.Credential;
import dev.howdah.plan.Desired;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Planner;
import dev.howdah.plan.Rotation;
import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.ServerTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the operator's own planner comes to for a database that is still to be made, on a server with nothing of its name. */
final class NewDatabase {
    private NewDatabase() {}

    static List<String> steps(Judged judged, EffectiveClaim claim, Accepted.Grounds grounds) {
        var subject = Objects.requireNonNull(judged.subject());
        var meta = judged.claim().getMetadata();
        var made = new Credential("", "", subject.now());
        var desired = new Desired(
                new ClaimIdentity(text(meta.getUid()), subject.namespace(), "", subject.name()),
                subject.names(),
                claim,
                subject.terms(),
                meta.getGeneration() == null ? 1 : meta.getGeneration(),
                grounds,
                claim.access().stream().collect(Collectors.toMap(Access::name, _ -> made)),
                facts(claim, subject.server()),
                Rotation.Asked.NOTHING,
                false);
        var observed = new Observed(null, Map.of(), Set.of(), Map.of(), null);
        var steps = new ArrayList<String>();
        switch (Planner.prepare(desired, observed, null)) {
            case Planner.Outcome.Steps(Plan plan) -> add(plan, steps);
            case Planner.Outcome.Blocked(var conflict) -> steps.add(conflict.message());
        }
        claim.access()
                .forEach(access -> steps.add("publish Secret %s for login %s (%s)"
                        .formatted(access.secretName(), access.name(), access.role())));
        add(Planner.open(desired, observed, null, List.of()), steps);
        return List.copyOf(steps);
    }

    private static void add(Plan plan, List<String> steps) {
        plan.steps().stream()
                // What is noted down changes nothing that anybody sees.
                .filter(step -> !(step instanceof Step.RecordAccepted || step instanceof Step.RecordLogin))
                .map(Step::summary)
                .forEach(steps::add);
    }

    private static ServerFacts facts(EffectiveClaim claim, @Nullable ServerTraits traits) {
        return new ServerFacts(
                claim.majorVersion(),
                "the admin",
                traits != null && traits.superuser(),
                "C.UTF-8",
                traits == null ? ExtensionOffer.NONE : traits.extensions(),
                traits == null ? Set.of() : traits.settableParameters());
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
