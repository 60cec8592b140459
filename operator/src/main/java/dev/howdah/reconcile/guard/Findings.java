// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.guard;

import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.ObjectConflict;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.Review;
import dev.howdah.policy.rulebook.PolicyTerms;
import dev.howdah.policy.rulebook.Rulebook;
import dev.howdah.policy.rulebook.WaiverTerms;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the last look at each claim found, for those who tell of policies, waivers and classes. */
public final class Findings {
    private final Map<ResourceID, Finding> byClaim = new ConcurrentHashMap<>();
    private volatile Listener listener = objects -> {};
    private volatile Predicate<ResourceID> exists = claim -> true;

    /** Hears of what may read differently now. */
    @FunctionalInterface
    public interface Listener {
        /** Names of policies and classes. */
        void changed(Changed objects);
    }

    public record Changed(Set<String> policies, Set<String> classes) {}

    /**
     * One claim.
     *
     * @param rulebook what it was judged by
     * @param targets the policies that are for it
     * @param paused whether none of them reaches it for now
     */
    public record Finding(
            ResourceID claim,
            Rulebook rulebook,
            Set<String> targets,
            boolean paused,
            String className,
            List<Violation> violations,
            List<ObjectConflict> conflicts) {

        private Changed concerns() {
            return new Changed(targets, className.isEmpty() ? Set.of() : Set.of(className));
        }

        private boolean saysTheSame(Finding other) {
            return targets.equals(other.targets)
                    && paused == other.paused
                    && className.equals(other.className)
                    && violations.equals(other.violations)
                    && conflicts.equals(other.conflicts);
        }
    }

    public void listen(Listener heard) {
        listener = heard;
    }

    /** Asks the cache of claims: one whose finalizer somebody took away goes without a word. */
    public void claimsAreIn(Predicate<ResourceID> lookup) {
        exists = lookup;
    }

    /** A claim was judged. */
    public void record(ResourceID claim, Rulebook rulebook, Review review) {
        put(new Finding(
                claim,
                rulebook,
                review.merged().policies().stream()
                        .map(applied -> applied.policy().name())
                        .collect(Collectors.toUnmodifiableSet()),
                false,
                review.merged().claim().className(),
                review.violations(),
                review.merged().conflicts()));
    }

    /** A claim was looked at and there was nothing to judge, as without a class. */
    public void recordNothing(ResourceID claim, Rulebook rulebook) {
        put(new Finding(claim, rulebook, Set.of(), false, "", List.of(), List.of()));
    }

    /** A claim is not judged now, and policies are for it all the same. */
    public void recordTargets(ResourceID claim, Subject subject, boolean paused) {
        var className = subject.terms().className();
        put(new Finding(
                claim,
                subject.rulebook(),
                subject.rulebook().matching(subject.namespaceLabels(), className).stream()
                        .map(PolicyTerms::name)
                        .collect(Collectors.toUnmodifiableSet()),
                paused,
                className,
                List.of(),
                List.of()));
    }

    private void put(Finding finding) {
        var before = byClaim.put(finding.claim(), finding);
        if (before == null || !before.saysTheSame(finding) || before.rulebook() != finding.rulebook()) {
            if (before != null) {
                listener.changed(before.concerns());
            }
            listener.changed(finding.concerns());
        }
    }

    public void forget(ResourceID claim) {
        var before = byClaim.remove(claim);
        if (before != null) {
            listener.changed(before.concerns());
        }
    }

    /**
     * Whether each of these was judged as this rulebook does: else counts would tell less than there is. A waiver makes a
     * new rulebook, but only the claim that it is for has to be judged anew.
     */
    public boolean complete(Collection<ResourceID> claims, Rulebook rulebook) {
        var samePolicies = new IdentityHashMap<Rulebook, Boolean>();
        return claims.stream().allMatch(claim -> {
            var finding = byClaim.get(claim);
            return finding != null
                    && (finding.rulebook() == rulebook
                            || (samePolicies.computeIfAbsent(
                                            finding.rulebook(),
                                            other -> other.policies().equals(rulebook.policies()))
                                    && waivers(finding.rulebook(), claim).equals(waivers(rulebook, claim))));
        });
    }

    /** Whether each of these was judged at least once by this process. */
    public boolean know(Collection<ResourceID> claims) {
        return byClaim.keySet().containsAll(claims);
    }

    private static List<WaiverTerms> waivers(Rulebook rulebook, ResourceID claim) {
        return rulebook.waiversOf(claim.getNamespace().orElse(""), claim.getName());
    }

    /** Those of all claims there are, in the order of namespaces and names. */
    public List<Finding> all() {
        byClaim.keySet().removeIf(claim -> !exists.test(claim));
        return byClaim.values().stream()
                .sorted(Comparator.comparing((Finding finding) ->
                                finding.claim().getNamespace().orElse(""))
                        .thenComparing(finding -> finding.claim().getName()))
                .toList();
    }
}
