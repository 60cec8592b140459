// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merge;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Retirement;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.rule.Rules;
import dev.howdah.policy.rulebook.WaiverTerms;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one judgement: the reconciler, the webhook and the command line all ask here. Pure, and the order in which objects
 * come does not matter.
 */
public final class ClaimReview {
    private ClaimReview() {}

    /**
     * Judges a claim's spec. What breaks a rule no more than the spec last agreed to did is agreed to again: a rule that
     * came later takes nothing away and does not stand in the way of other changes.
     */
    public static Review review(Subject given) {
        var reading = SpecReading.of(given.spec());
        var subject = given.spec() == reading.spec() ? given : given.with(reading.spec());
        var merged = Merge.merge(subject);
        var violations = reading.before(Rules.check(subject, merged));
        var blocking = violations.stream().filter(Violation::blocks).toList();
        var fresh = fresh(given.spec(), subject, blocking);
        var current = subject.waivers();
        Verdict verdict = fresh.isEmpty()
                ? new Verdict.Admitted(merged.claim(), grounds(subject, merged, blocking, current))
                : new Verdict.Denied(fresh);
        return new Review(
                verdict,
                merged,
                violations,
                Stream.concat(
                                current.stream().map(WaiverTerms::expires),
                                Retirement.of(subject, merged).stream()
                                        .filter(retirement -> !retirement.over(subject.now()))
                                        .map(Retirement::time))
                        .min(Comparator.naturalOrder())
                        .orElse(null));
    }

    /** What is worse than it was. A quota weighs growth only, so what exceeds one never stood before. */
    private static List<Violation> fresh(DatabaseClaimSpec asked, Subject subject, List<Violation> blocking) {
        var accepted = subject.accepted();
        if (accepted == null || blocking.isEmpty()) {
            return blocking;
        }
        // By what is asked, not by what could be read of it: a spec that cannot be read was not agreed to.
        var standing = accepted.grounds().spec().equals(asked) ? blocking : standing(subject, accepted);
        return blocking.stream()
                .filter(violation -> violation.reason() == Reason.QuotaExceeded
                        || standing.stream().noneMatch(violation::alreadyIn))
                .toList();
    }

    private static List<Violation> standing(Subject subject, Accepted accepted) {
        var reading = SpecReading.of(accepted.grounds().spec());
        var before = subject.with(reading.spec());
        return reading.before(Rules.check(before, Merge.merge(before)));
    }

    private static Accepted.Grounds grounds(
            Subject subject, Merged merged, List<Violation> blocking, List<WaiverTerms> current) {
        var waived = waived(subject, merged, blocking, current);
        var behind = new TreeMap<String, Long>();
        for (var chain : merged.chains()) {
            chain.inForce()
                    .filter(link -> link.source().layer() == Layer.PolicyDefault
                            || link.source().layer() == Layer.PolicyOverride)
                    .flatMap(link -> subject.rulebook()
                            .policy(String.valueOf(link.source().name())))
                    .ifPresent(policy -> behind.put(policy.id(), policy.generation()));
        }
        current.stream()
                .filter(waiver -> waived.keySet().stream().anyMatch(waiver::lifts))
                .forEach(waiver -> behind.put(waiver.id(), waiver.generation()));
        return new Accepted.Grounds(subject.spec(), merged.values(), waived, behind);
    }

    private static boolean asksTheSame(DatabaseClaimSpec now, DatabaseClaimSpec before, String path) {
        var dot = path.indexOf('.');
        var name = path.substring(dot + 1);
        return switch (dot < 0 ? path : path.substring(0, dot)) {
            case "connections" -> now.connections() != null && now.connections().equals(before.connections());
            case "parameters" ->
                now.parameters() != null
                        && before.parameters() != null
                        && now.parameters().get(name) != null
                        && now.parameters().get(name).equals(before.parameters().get(name));
            default -> false;
        };
    }

    /** What holds only thanks to a waiver, or did and has not been put right since. */
    private static SortedMap<String, String> waived(
            Subject subject, Merged merged, List<Violation> blocking, List<WaiverTerms> current) {
        var waived = new TreeMap<String, String>();
        var broken = blocking.stream().map(Violation::path).collect(Collectors.toCollection(HashSet::new));
        var accepted = subject.accepted();
        if (accepted != null) {
            accepted.grounds().waived().forEach((path, waiver) -> {
                // A rule that does not bite for a while does not make good what only a waiver allowed.
                if (broken.contains(path)
                        || asksTheSame(subject.spec(), accepted.grounds().spec(), path)) {
                    waived.put(path, waiver);
                }
            });
        }
        if (!current.isEmpty()) {
            thanksToWaivers(subject, merged)
                    .filter(path -> !broken.contains(path))
                    .forEach(path -> {
                        var names = current.stream()
                                .filter(waiver -> waiver.lifts(path))
                                .map(WaiverTerms::name)
                                .collect(Collectors.joining(", "));
                        if (!names.isEmpty()) {
                            waived.put(path, names);
                        }
                    });
        }
        return waived;
    }

    /** The fields that would break a rule, or have another value, without a single waiver. */
    private static Stream<String> thanksToWaivers(Subject subject, Merged merged) {
        var bare = subject.under(subject.rulebook().withoutWaivers());
        var bareMerged = Merge.merge(bare);
        var broken =
                Rules.check(bare, bareMerged).stream().filter(Violation::blocks).map(Violation::path);
        var ours = merged.claim();
        var theirs = bareMerged.claim();
        var parameters = ours.parameters().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(theirs.parameters().get(entry.getKey())))
                .map(entry -> "parameters." + entry.getKey());
        var extensions = ours.extensions().stream()
                .filter(extension -> !theirs.extensions().contains(extension))
                .map(extension -> "extensions." + extension.name());
        var numbers = Stream.of(
                        ours.connections() == theirs.connections() ? "" : "connections",
                        ours.majorVersion() == theirs.majorVersion() ? "" : "majorVersion")
                .filter(path -> !path.isEmpty());
        return Stream.of(broken, parameters, extensions, numbers).flatMap(Function.identity());
    }
}
