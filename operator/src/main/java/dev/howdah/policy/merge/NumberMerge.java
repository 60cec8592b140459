// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.policy.ClassTerms.Default;
import dev.howdah.policy.Source;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Bound;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import dev.howdah.policy.rulebook.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a number comes about: the claim's, else the class's, else the built-in one. A class's number that breaks a limit is
 * passed over, and where the built-in one does too the nearest that holds is taken: a claim that says nothing is never
 * refused for it.
 */
final class NumberMerge {
    private final Subject subject;
    private final List<Applied> policies;
    private final Default part;
    private final String path;
    private final Function<Limits, Limits.@Nullable Span> span;
    private final LongFunction<String> text;
    private final List<Link> links = new ArrayList<>();
    private final List<ObjectConflict> conflicts = new ArrayList<>();
    private long value;

    NumberMerge(
            Subject subject,
            List<Applied> policies,
            Default part,
            Function<Limits, Limits.@Nullable Span> span,
            LongFunction<String> text) {
        this.subject = subject;
        this.policies = policies;
        this.part = part;
        this.path = part.name();
        this.span = span;
        this.text = text;
    }

    /**
     * Merges.
     *
     * @param asked the claim's number, {@code null} where it is silent
     * @param askedBefore whether the claim had one when it was last accepted
     * @param accepted what it came to then, {@code null} before binding
     */
    NumberMerge of(
            @Nullable Long asked,
            Function<DatabaseClaimSpec, @Nullable Object> askedBefore,
            @Nullable Long accepted,
            long ofClass,
            long builtIn) {
        var fromClass = subject.terms().states(part);
        var before = subject.accepted();
        if (asked != null) {
            claimed(asked);
        } else if (before != null
                && accepted != null
                && askedBefore.apply(before.grounds().spec()) == null
                && !over()) {
            kept(accepted, fromClass && (accepted == ofClass || accepted != builtIn));
        }
        if (fromClass) {
            lower(Source.ofClass(subject.terms().className()), ofClass);
        }
        if (undecided()) {
            lower(Source.BUILT_IN, builtIn);
        }
        if (undecided()) {
            var source = fromClass ? Source.ofClass(subject.terms().className()) : Source.BUILT_IN;
            inForce(source, nearest(ofClass), "brought within the limits");
        }
        return this;
    }

    /** A claim that said nothing at binding and says nothing now keeps what it got then. */
    private void kept(long accepted, boolean fromClass) {
        var source = fromClass ? Source.ofClass(subject.terms().className()) : Source.BUILT_IN;
        inForce(source, accepted, breaks(accepted) == null ? "" : "as last accepted");
    }

    private boolean undecided() {
        return links.stream().noneMatch(link -> link.fate() == Fate.InForce);
    }

    /** Whether a waiver had a part in it and what it lifted can be taken back. */
    private boolean over() {
        var accepted = subject.accepted();
        return accepted != null
                && part == Default.connections
                && accepted.grounds().waived().containsKey(path);
    }

    private void claimed(long asked) {
        if (!over() || breaks(asked) == null) {
            inForce(Source.CLAIM, asked, "");
            return;
        }
        var waiver =
                Objects.requireNonNull(subject.accepted()).grounds().waived().get(path);
        inForce(
                Source.CLAIM,
                nearest(asked),
                "asked for %s; back at the limit since waiver \"%s\" is over".formatted(text.apply(asked), waiver));
    }

    private void lower(Source source, long candidate) {
        if (!undecided()) {
            if (!links.getFirst().source().equals(source)) {
                links.add(new Link(source, text.apply(candidate), Fate.Outranked, ""));
            }
            return;
        }
        var broken = breaks(candidate);
        if (broken == null) {
            inForce(source, candidate, "");
            return;
        }
        var why = "%s breaks the limit of policy \"%s\" (%s)"
                .formatted(
                        text.apply(candidate),
                        broken.policy().name(),
                        Objects.requireNonNull(span.apply(broken.limits())).describe(text));
        links.add(new Link(source, text.apply(candidate), Fate.Conflicts, why));
        conflicts.add(new ObjectConflict(
                source, path, ObjectConflict.Kind.BreaksLimit, "`defaults.%s`: %s".formatted(path, why)));
    }

    private void inForce(Source source, long chosen, String note) {
        value = chosen;
        links.add(new Link(source, text.apply(chosen), Fate.InForce, note));
    }

    private @Nullable Applied breaks(long candidate) {
        for (var applied : policies) {
            var limit = applied.enforces() ? span.apply(applied.limits()) : null;
            if (limit != null && !limit.contains(candidate)) {
                return applied;
            }
        }
        return null;
    }

    private long nearest(long candidate) {
        var nearest = candidate;
        for (var applied : policies) {
            var limit = applied.enforces() ? span.apply(applied.limits()) : null;
            nearest = limit == null ? nearest : limit.nearest(nearest);
        }
        return nearest;
    }

    long value() {
        return value;
    }

    List<ObjectConflict> conflicts() {
        return conflicts;
    }

    ValueChain chain(@Nullable String binding) {
        var waiver = subject.waiver(limits -> span.apply(limits) != null);
        var bounds = new ArrayList<Bound>();
        for (var applied : policies) {
            var limit = span.apply(applied.limits());
            if (limit != null) {
                bounds.add(new Bound(
                        applied.policy().name(), applied.policy().enforcement().name(), limit.describe(text), waiver));
            }
        }
        return new ValueChain(path, links, bounds, binding);
    }
}
