// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.policy.StorageText;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Limits of policies for the same claims that leave nothing: no claim could satisfy both. */
public final class Contradictions {
    private Contradictions() {}

    /** Two policies that leave no value for a field. */
    public record Contradiction(PolicyTerms one, PolicyTerms other, String path, String ones, String others) {
        /** As either of them is told. */
        public String message(PolicyTerms self) {
            var first = self.name().equals(one.name());
            return "`limits.%s`: %s, but policy \"%s\" for the same claims wants %s, and nothing satisfies both; correct one of them"
                    .formatted(path, first ? ones : others, first ? other.name() : one.name(), first ? others : ones);
        }
    }

    /** Among the policies in Enforce for some claim. */
    public static List<Contradiction> among(Collection<PolicyTerms> matching) {
        var enforced = matching.stream().filter(PolicyTerms::enforces).toList();
        var found = new ArrayList<Contradiction>();
        for (int i = 0; i < enforced.size(); i++) {
            for (int j = i + 1; j < enforced.size(); j++) {
                compare(enforced.get(i), enforced.get(j), found);
            }
        }
        return found;
    }

    /** Those of one policy, as {@link #among} has them. */
    public static List<Contradiction> of(PolicyTerms self, Collection<PolicyTerms> matching) {
        var enforced = matching.stream().filter(PolicyTerms::enforces).toList();
        var found = new ArrayList<Contradiction>();
        var at = enforced.indexOf(self);
        for (int i = 0; at >= 0 && i < enforced.size(); i++) {
            if (i != at) {
                compare(enforced.get(Math.min(i, at)), enforced.get(Math.max(i, at)), found);
            }
        }
        return found;
    }

    private static void compare(PolicyTerms one, PolicyTerms other, List<Contradiction> found) {
        parameters(one, other, found);
        span(one, other, "storage", Limits::storage, StorageText::format, found);
        span(one, other, "connections", Limits::connections, String::valueOf, found);
        sets(
                one,
                other,
                "majorVersions",
                one.limits().majorVersions(),
                other.limits().majorVersions(),
                found);
        sets(one, other, "classNames", one.limits().classNames(), other.limits().classNames(), found);
        sets(
                one,
                other,
                "accessRoles",
                one.limits().accessRoles(),
                other.limits().accessRoles(),
                found);
        sets(
                one,
                other,
                "deletionPolicies",
                one.limits().deletionPolicies(),
                other.limits().deletionPolicies(),
                found);
    }

    private static void parameters(PolicyTerms one, PolicyTerms other, List<Contradiction> found) {
        var told = new LinkedHashSet<String>();
        for (var major : ParameterCatalog.majors()) {
            for (var name :
                    one.limits().parameters().getOrDefault(major, Map.of()).keySet()) {
                var ones = one.limits().parameter(major, name);
                var others = other.limits().parameter(major, name);
                if (ones != null && others != null && ones.intersect(others).isEmpty() && told.add(name)) {
                    found.add(new Contradiction(one, other, "parameters." + name, ones.describe(), others.describe()));
                }
            }
        }
    }

    private static void span(
            PolicyTerms one,
            PolicyTerms other,
            String path,
            Function<Limits, Limits.@Nullable Span> span,
            LongFunction<String> text,
            List<Contradiction> found) {
        var ones = span.apply(one.limits());
        var others = span.apply(other.limits());
        if (ones != null && others != null && (above(ones, others) || above(others, ones))) {
            found.add(new Contradiction(one, other, path, ones.describe(text), others.describe(text)));
        }
    }

    private static boolean above(Limits.Span one, Limits.Span other) {
        return one.min() != null && other.max() != null && one.min() > other.max();
    }

    private static void sets(
            PolicyTerms one,
            PolicyTerms other,
            String path,
            @Nullable Set<?> ones,
            @Nullable Set<?> others,
            List<Contradiction> found) {
        if (ones != null && others != null && ones.stream().noneMatch(others::contains)) {
            found.add(new Contradiction(one, other, path, ones.toString(), others.toString()));
        }
    }
}
