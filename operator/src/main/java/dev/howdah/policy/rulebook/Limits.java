// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.policy.parameter.ParameterRange;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one policy or waiver. What is {@code null} is not limited.
 *
 * @param parameters by major version, then by PostgreSQL's own spelling
 * @param othersDenied whether parameters that no policy names are denied to claims; {@code null} says nothing
 * @param extensions the allowed versions by name, an empty set allows all
 * @param retirements when extensions of that list are retired, for those that are
 */
public record Limits(
        Map<Integer, Map<String, Worded>> parameters,
        @Nullable Boolean othersDenied,
        @Nullable Map<String, Set<String>> extensions,
        Map<String, Instant> retirements,
        @Nullable Set<Integer> majorVersions,
        @Nullable Set<String> classNames,
        @Nullable Span storage,
        @Nullable Span connections,
        @Nullable Set<AccessRole> accessRoles,
        @Nullable Set<DeletionPolicy> deletionPolicies) {

    /** A range and its words, which are wanted more often than they change. */
    public record Worded(ParameterRange range, String text) {
        public Worded(ParameterRange range) {
            this(range, range.describe());
        }

        Worded alongWith(Worded other) {
            return new Worded(range.alongWith(other.range));
        }

        Worded widenedBy(Worded waiver) {
            return new Worded(range.widenedBy(waiver.range));
        }
    }

    public static final Limits NONE = new Limits(Map.of(), null, null, Map.of(), null, null, null, null, null, null);

    /** What a parameter may be in this version, {@code null} for anything. */
    public @Nullable ParameterRange parameter(int major, String name) {
        var ranges = parameters.get(major);
        var worded = ranges == null ? null : ranges.get(name);
        return worded == null ? null : worded.range();
    }

    /** Every parameter that is named, in any version. */
    public Set<String> named() {
        var named = new LinkedHashSet<String>();
        parameters.values().forEach(ranges -> named.addAll(ranges.keySet()));
        return named;
    }

    /** Whether these say anything about a field, by its path in a violation. */
    boolean speakOf(String path) {
        var dot = path.indexOf('.');
        var name = path.substring(dot + 1);
        return switch (dot < 0 ? path : path.substring(0, dot)) {
            case "parameters" -> othersDenied != null || named().contains(name);
            case "extensions" -> extensions != null && extensions.containsKey(name);
            case "majorVersion" -> majorVersions != null;
            case "className" -> classNames != null;
            case "storage" -> storage != null;
            case "connections" -> connections != null;
            case "access" -> accessRoles != null;
            case "deletionPolicy" -> deletionPolicies != null;
            default -> false;
        };
    }

    /** These limits where a waiver widens them. What a waiver names and these do not limit stays unlimited. */
    public Limits widenedBy(Limits waiver) {
        return new Limits(
                widen(parameters, waiver.parameters),
                widen(othersDenied, waiver.othersDenied, Boolean::logicalAnd),
                extensions == null || waiver.extensions == null ? extensions : unite(extensions, waiver.extensions),
                extensions == null || waiver.extensions == null ? retirements : latest(this, waiver),
                widen(majorVersions, waiver.majorVersions, Limits::unite),
                widen(classNames, waiver.classNames, Limits::unite),
                widen(storage, waiver.storage, Span::movedBy),
                widen(connections, waiver.connections, Span::movedBy),
                widen(accessRoles, waiver.accessRoles, Limits::unite),
                widen(deletionPolicies, waiver.deletionPolicies, Limits::unite));
    }

    /** What two waivers allow together: everything either allows. */
    static Limits together(Collection<Limits> waivers) {
        var parameters = new HashMap<Integer, Map<String, Worded>>();
        for (var waiver : waivers) {
            waiver.parameters.forEach((major, ranges) -> ranges.forEach((name, range) ->
                    parameters.computeIfAbsent(major, m -> new HashMap<>()).merge(name, range, Worded::alongWith)));
        }
        return new Limits(
                parameters,
                all(waivers, Limits::othersDenied, Boolean::logicalAnd),
                all(waivers, Limits::extensions, Limits::unite),
                waivers.stream().reduce(NONE, Limits::listingBoth).retirements,
                all(waivers, Limits::majorVersions, Limits::unite),
                all(waivers, Limits::classNames, Limits::unite),
                all(waivers, Limits::storage, Span::joined),
                all(waivers, Limits::connections, Span::joined),
                all(waivers, Limits::accessRoles, Limits::unite),
                all(waivers, Limits::deletionPolicies, Limits::unite));
    }

    private static <T> @Nullable T all(
            Collection<Limits> waivers, java.util.function.Function<Limits, @Nullable T> part, BinaryOperator<T> join) {
        T joined = null;
        for (var waiver : waivers) {
            var one = part.apply(waiver);
            if (one != null) {
                joined = joined == null ? one : join.apply(joined, one);
            }
        }
        return joined;
    }

    private static <T> @Nullable T widen(@Nullable T limit, @Nullable T waiver, BinaryOperator<T> join) {
        return limit == null || waiver == null ? limit : join.apply(limit, waiver);
    }

    private static Map<Integer, Map<String, Worded>> widen(
            Map<Integer, Map<String, Worded>> limits, Map<Integer, Map<String, Worded>> waiver) {
        var widened = new HashMap<Integer, Map<String, Worded>>();
        limits.forEach((major, ranges) -> {
            var here = new HashMap<>(ranges);
            waiver.getOrDefault(major, Map.of())
                    .forEach((name, range) -> here.computeIfPresent(name, (n, limit) -> limit.widenedBy(range)));
            widened.put(major, here);
        });
        return widened;
    }

    private static Map<String, Set<String>> unite(Map<String, Set<String>> one, Map<String, Set<String>> other) {
        var united = new TreeMap<>(one);
        other.forEach((name, versions) ->
                united.merge(name, versions, (a, b) -> a.isEmpty() || b.isEmpty() ? Set.<String>of() : unite(a, b)));
        return united;
    }

    /** The lists of both, and nothing else. */
    private static Limits listingBoth(Limits one, Limits other) {
        var lists = one.extensions == null
                ? other.extensions
                : other.extensions == null ? one.extensions : unite(one.extensions, other.extensions);
        return new Limits(Map.of(), null, lists, latest(one, other), null, null, null, null, null, null);
    }

    /** Of two that list an extension the one that retires it later holds, or the one that never does. */
    private static Map<String, Instant> latest(Limits one, Limits other) {
        var latest = new TreeMap<>(one.retirements);
        other.retirements.forEach((name, time) -> latest.merge(name, time, (a, b) -> a.isAfter(b) ? a : b));
        latest.keySet().removeIf(name -> one.neverRetires(name) || other.neverRetires(name));
        return latest;
    }

    private boolean neverRetires(String extension) {
        return extensions != null && extensions.containsKey(extension) && !retirements.containsKey(extension);
    }

    private static <T> Set<T> unite(Set<T> one, Set<T> other) {
        var united = new LinkedHashSet<>(one);
        united.addAll(other);
        return united;
    }

    /** A range of numbers, bounds included; {@code null} is no bound. */
    public record Span(@Nullable Long min, @Nullable Long max) {
        public boolean contains(long value) {
            return beyond(value) == 0;
        }

        /** How far above a value is, or below as a negative number; 0 inside. */
        public double beyond(long value) {
            if (min != null && value < min) {
                return (double) value - min;
            }
            return max != null && value > max ? (double) value - max : 0;
        }

        public long nearest(long value) {
            var atLeast = min == null ? value : Math.max(min, value);
            return max == null ? atLeast : Math.min(max, atLeast);
        }

        /** Only the bounds that a waiver gives are moved, and only outwards. */
        Span movedBy(Span waiver) {
            return new Span(
                    min == null || waiver.min == null ? min : Long.valueOf(Math.min(min, waiver.min)),
                    max == null || waiver.max == null ? max : Long.valueOf(Math.max(max, waiver.max)));
        }

        /** Every bound either gives, the wider where both do. */
        Span joined(Span other) {
            return new Span(
                    min == null || other.min == null
                            ? (min == null ? other.min : min)
                            : Long.valueOf(Math.min(min, other.min)),
                    max == null || other.max == null
                            ? (max == null ? other.max : max)
                            : Long.valueOf(Math.max(max, other.max)));
        }

        /** In words, with the values written by {@code text}. */
        public String describe(java.util.function.LongFunction<String> text) {
            if (min == null) {
                return max == null ? "anything" : "at most " + text.apply(max);
            }
            return max == null ? "at least " + text.apply(min) : "from " + text.apply(min) + " to " + text.apply(max);
        }
    }
}
