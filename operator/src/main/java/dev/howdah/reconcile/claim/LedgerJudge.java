// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.reconcile.claim.ClaimSubjects.Found;
import dev.howdah.reconcile.fleet.Fleet;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.List;
import java.util.Optional;

/** The reconciler's judgement for whoever asks before a claim is written. Changes nothing and keeps no room. */
final class LedgerJudge implements ClaimJudge {
    private final Fleet fleet;
    private final ClaimSources sources;
    private final ClaimSubjects subjects;
    private final ClaimDecisions decisions;

    LedgerJudge(Fleet fleet, ClaimSources sources, ClaimSubjects subjects, ClaimDecisions decisions) {
        this.fleet = fleet;
        this.sources = sources;
        this.subjects = subjects;
        this.decisions = decisions;
    }

    @Override
    public Optional<Judgement> judge(DatabaseClaim claim) {
        if (!sources.ready() || !fleet.visited()) {
            return Optional.empty();
        }
        return sources.namespace(claim).flatMap(namespace -> judge(claim, namespace));
    }

    private Optional<Judgement> judge(DatabaseClaim claim, Namespace namespace) {
        var classes = sources.classes();
        return switch (subjects.find(claim, namespace, classes)) {
            case Found.WithoutClass(var violation) -> Optional.of(new Judgement(List.of(violation), List.of()));
            case Found.Judgeable found when decisions.uncounted(found) != null -> Optional.empty();
            case Found.Judgeable found -> {
                var foreseen = decisions.foresee(found, decisions.review(claim, found, namespace, classes), namespace);
                var refused = ClaimDecisions.refusal(found, foreseen.review());
                yield Optional.of(new Judgement(
                        refused.isEmpty() ? foreseen.unplaceable().stream().toList() : refused,
                        foreseen.review().told().stream()
                                .filter(violation -> !refused.contains(violation))
                                .toList()));
            }
        };
    }
}
