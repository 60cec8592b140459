// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.impact;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.cli.judge.Chains;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.output.Finding;
import dev.howdah.policy.Source;
import dev.howdah.policy.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What would be otherwise for a claim.
 *
 * @param findings rules that would be broken and are not now
 * @param changes values that would be otherwise
 */
record ClaimImpact(String claim, Outcome outcome, List<Finding> findings, List<ValueChange> changes) {

    /** What has to happen so that a changed value is felt. */
    enum Effect {
        /** Nothing: it is no setting of the server. */
        Nothing,
        /** New sessions have it; those that are open keep the old one. */
        Reconnect
    }

    /** {@code from} and {@code to} are {@code built-in} where nobody sets the value. */
    record ValueChange(String path, String from, String to, String source, Effect effect) {}

    private static final String BUILT_IN = Source.BUILT_IN.text();

    /** Empty when all stays as it is. */
    static Optional<ClaimImpact> of(Optional<Judged> before, Judged after) {
        var refusals = fresh(after.refusals(), before.map(Judged::refusals));
        var standing = fresh(after.standing(), before.map(Judged::standing));
        var noted = fresh(after.noted(), before.map(Judged::noted));
        var agreed = before.map(Judged::agreed).orElse(true);
        var changes = before.filter(Judged::agreed)
                .filter(judged -> after.agreed())
                .map(judged -> changes(judged, after))
                .orElse(List.of());
        if (!after.agreed()) {
            return agreed || !refusals.isEmpty()
                    ? Optional.of(impact(after, agreed ? Outcome.Denied : Outcome.StillRefused, refusals, changes))
                    : Optional.empty();
        }
        if (!standing.isEmpty()) {
            return Optional.of(impact(after, Outcome.NoLongerComplies, standing, changes));
        }
        if (!agreed) {
            return Optional.of(impact(after, Outcome.Accepted, List.of(), changes));
        }
        if (before.isPresent()
                && before.get().standing().size() > after.standing().size()) {
            return Optional.of(impact(after, Outcome.CompliesBetter, List.of(), changes));
        }
        if (!noted.isEmpty()) {
            return Optional.of(impact(after, Outcome.Noted, noted, changes));
        }
        return changes.isEmpty() ? Optional.empty() : Optional.of(impact(after, Outcome.Changes, List.of(), changes));
    }

    private static ClaimImpact impact(
            Judged after, Outcome outcome, List<Violation> violations, List<ValueChange> changes) {
        return new ClaimImpact(after.key(), outcome, Finding.of(violations), changes);
    }

    private static List<Violation> fresh(List<Violation> now, Optional<List<Violation>> before) {
        var known = before.orElse(List.of()).stream().map(Rule::of).toList();
        return now.stream()
                .filter(violation -> !known.contains(Rule.of(violation)))
                .toList();
    }

    /** A broken rule is the same, however far it is broken and in whatever words. */
    private record Rule(
            Reason reason,
            String path,
            @Nullable String policy,
            @Nullable Enforcement mode) {
        static Rule of(Violation violation) {
            return new Rule(violation.reason(), violation.path(), violation.policy(), violation.mode());
        }
    }

    private static List<ValueChange> changes(Judged before, Judged after) {
        var from = Chains.values(before);
        var to = Chains.values(after);
        var paths = new TreeSet<>(from.keySet());
        paths.addAll(to.keySet());
        var changes = new ArrayList<ValueChange>();
        for (var path : paths) {
            var old = from.get(path);
            var fresh = to.get(path);
            var was = old == null ? BUILT_IN : old.value();
            var becomes = fresh == null ? BUILT_IN : fresh.value();
            if (!was.equals(becomes)) {
                changes.add(new ValueChange(
                        path,
                        was,
                        becomes,
                        fresh == null ? BUILT_IN : fresh.source().text(),
                        effect(path)));
            }
        }
        return changes;
    }

    /** Whatever is set for a database or a login holds for sessions that begin afterwards. Nothing here takes a reload. */
    private static Effect effect(String path) {
        return path.startsWith("parameters.") || path.equals("connections") ? Effect.Reconnect : Effect.Nothing;
    }
}
