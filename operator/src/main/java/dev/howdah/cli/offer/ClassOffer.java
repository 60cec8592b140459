// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.offer;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.world.World;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.Labels;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merge;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.parameter.ParameterRange;
import dev.howdah.policy.rulebook.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a class and the policies for its claims leave open.
 *
 * @param closed why no claim here may take it, {@code null} where one may
 * @param fields what may be asked for, field by field
 * @param parameters those that somebody has a word about
 * @param otherParameters whether parameters that nobody names may be set
 * @param extensions those a policy lists, else those the servers have
 * @param room what the servers say is left of their capacities; empty where none has one, or none is seen
 */
record ClassOffer(
        String name,
        boolean isDefault,
        @Nullable String description,
        @Nullable String closed,
        List<Field> fields,
        List<Field> parameters,
        boolean otherParameters,
        List<Extension> extensions,
        List<ServerRoom> room) {

    /** A field, what it may be, and what it is in a claim that does not have it. */
    record Field(String name, String allowed, String silent) {}

    /** {@code versions} is empty where every version is allowed. */
    record Extension(String name, List<String> versions) {}

    static ClassOffer of(Judgements judgements, String namespace, DatabaseClass offered) {
        var name = offered.getMetadata().getName();
        var faults = ClassTerms.faults(offered);
        if (!faults.isEmpty()) {
            return new ClassOffer(
                    name,
                    ClassChoice.isDefault(offered),
                    null,
                    "not valid: " + String.join("; ", faults),
                    List.of(),
                    List.of(),
                    false,
                    List.of(),
                    List.of());
        }
        var silent = judgements.silent(namespace, offered);
        var merged = Merge.merge(silent);
        var enforced = merged.policies().stream().filter(Applied::enforces).toList();
        var closed = enforced.stream()
                .filter(applied -> applied.limits().classNames() != null
                        && !Objects.requireNonNull(applied.limits().classNames())
                                .contains(name))
                .map(applied -> "policy \"%s\" does not allow it here"
                        .formatted(applied.policy().name()))
                .findFirst()
                .orElse(null);
        var servers = servers(judgements.world(), namespace, offered);
        return new ClassOffer(
                name,
                ClassChoice.isDefault(offered),
                offered.getSpec().description(),
                closed,
                fields(offered, merged, enforced, servers),
                parameters(merged),
                enforced.stream()
                        .noneMatch(
                                applied -> Boolean.TRUE.equals(applied.limits().othersDenied())),
                extensions(enforced, merged, servers, silent.now()),
                ServerRoom.of(servers));
    }

    private static List<Field> fields(
            DatabaseClass offered, Merged merged, List<Applied> enforced, List<PostgresServer> servers) {
        var claim = merged.claim();
        return List.of(
                new Field("majorVersion", versions(offered, enforced, servers), String.valueOf(claim.majorVersion())),
                new Field(
                        "storage",
                        span(enforced, Limits::storage, StorageText::format),
                        StorageText.format(claim.storage())),
                new Field(
                        "connections",
                        span(enforced, Limits::connections, String::valueOf),
                        String.valueOf(claim.connections())),
                new Field(
                        "access[].role",
                        words(allowed(enforced, Limits::accessRoles, Arrays.asList(AccessRole.values()))),
                        "one login \"app\", Owner"),
                new Field(
                        "deletionPolicy",
                        words(allowed(enforced, Limits::deletionPolicies, Arrays.asList(DeletionPolicy.values()))),
                        claim.deletionPolicy().name()));
    }

    /** Servers are left out of it where none is known. */
    private static String versions(DatabaseClass offered, List<Applied> enforced, List<PostgresServer> servers) {
        var allowed = allowed(enforced, Limits::majorVersions, offered.getSpec().majorVersions());
        var running = servers.stream()
                .map(server -> server.getStatus())
                .filter(status -> status != null && status.version() != null)
                .map(status -> ServerTraits.majorVersion(status.version()))
                .collect(Collectors.toSet());
        var idle = allowed.stream()
                .filter(major -> !running.isEmpty() && !running.contains(major))
                .toList();
        return words(allowed) + (idle.isEmpty() ? "" : " (no server yet: " + words(idle) + ")");
    }

    private static <T> List<T> allowed(List<Applied> enforced, Function<Limits, @Nullable Set<T>> part, List<T> all) {
        var sets = enforced.stream()
                .map(applied -> part.apply(applied.limits()))
                .filter(Objects::nonNull)
                .toList();
        return all.stream()
                .filter(one -> sets.stream().allMatch(set -> set.contains(one)))
                .sorted()
                .toList();
    }

    private static String words(Collection<?> words) {
        return words.isEmpty() ? "none" : words.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String span(
            List<Applied> enforced, Function<Limits, Limits.@Nullable Span> part, LongFunction<String> text) {
        var spans = enforced.stream()
                .map(applied -> part.apply(applied.limits()))
                .filter(Objects::nonNull)
                .toList();
        var min = spans.stream().map(Limits.Span::min).filter(Objects::nonNull).max(Long::compare);
        var max = spans.stream().map(Limits.Span::max).filter(Objects::nonNull).min(Long::compare);
        return new Limits.Span(min.orElse(null), max.orElse(null)).describe(text);
    }

    private static List<Field> parameters(Merged merged) {
        var names = new TreeSet<String>();
        var major = merged.claim().majorVersion();
        merged.policies()
                .forEach(applied -> names.addAll(applied.limits()
                        .parameters()
                        .getOrDefault(major, Map.of())
                        .keySet()));
        var chains = new TreeMap<String, ValueChain>();
        merged.chains().stream()
                .filter(chain -> chain.path().startsWith("parameters."))
                .forEach(chain -> chains.put(chain.path().substring("parameters.".length()), chain));
        names.addAll(chains.keySet());
        return names.stream()
                .map(name -> parameter(merged, major, name, chains.get(name)))
                .toList();
    }

    private static Field parameter(Merged merged, int major, String name, @Nullable ValueChain chain) {
        var word = chain == null ? null : chain.inForce().orElse(null);
        if (word != null && word.source().layer() == Layer.PolicyOverride) {
            return new Field(
                    name, "set by policy \"%s\"".formatted(word.source().name()), word.value());
        }
        var silent = word == null ? "PostgreSQL's own" : word.value();
        return new Field(name, ranges(merged, major, name), silent);
    }

    private static String ranges(Merged merged, int major, String name) {
        var advised = new ArrayList<String>();
        var joint = Optional.<ParameterRange>empty();
        for (var applied : merged.policies()) {
            var range = applied.limits().parameter(major, name);
            if (range == null) {
                continue;
            }
            if (!applied.enforces()) {
                advised.add(
                        "%s (%s)".formatted(range.describe(), applied.policy().enforcement()));
            } else if (joint.isEmpty()) {
                joint = Optional.of(range);
            } else {
                joint = joint.get().intersect(range);
                if (joint.isEmpty()) {
                    return "nothing: policies contradict each other";
                }
            }
        }
        var all = new ArrayList<>(advised);
        joint.ifPresent(range -> all.addFirst(range.describe()));
        return all.isEmpty() ? "anything" : String.join("; ", all);
    }

    private static List<Extension> extensions(
            List<Applied> enforced, Merged merged, List<PostgresServer> servers, Instant now) {
        var closed = enforced.stream()
                .map(applied -> applied.limits().extensions())
                .filter(Objects::nonNull)
                .toList();
        var there = new TreeMap<String, Boolean>();
        servers.stream()
                .map(PostgresServer::getStatus)
                .filter(status -> status != null && status.extensions() != null)
                .flatMap(status -> Objects.requireNonNull(status.extensions()).stream())
                .forEach(extension -> there.merge(extension.name(), extension.trusted(), Boolean::logicalAnd));
        if (closed.isEmpty()) {
            return there.entrySet().stream()
                    .filter(extension ->
                            extension.getValue() || merged.listedExtensions().contains(extension.getKey()))
                    .map(extension -> new Extension(extension.getKey(), List.of()))
                    .toList();
        }
        return closed.getFirst().keySet().stream()
                .filter(name -> closed.stream().allMatch(list -> list.containsKey(name)))
                .filter(name -> there.isEmpty() || there.containsKey(name))
                .filter(name -> enforced.stream().noneMatch(applied -> applied.hasRetired(name, now)))
                .sorted()
                .map(name -> new Extension(name, versions(closed, name)))
                .toList();
    }

    private static List<String> versions(List<Map<String, Set<String>>> closed, String name) {
        var lists = closed.stream()
                .map(list -> list.getOrDefault(name, Set.of()))
                .filter(list -> !list.isEmpty())
                .toList();
        return lists.isEmpty()
                ? List.of()
                : lists.getFirst().stream()
                        .filter(version -> lists.stream().allMatch(list -> list.contains(version)))
                        .toList();
    }

    private static List<PostgresServer> servers(World world, String namespace, DatabaseClass offered) {
        return world.servers().values().stream()
                .filter(server -> Labels.match(
                        offered.getSpec().serverSelector(), server.getMetadata().getLabels()))
                .filter(server -> server.getSpec().namespaceSelector() == null
                        || Labels.match(server.getSpec().namespaceSelector(), world.labels(namespace)))
                .toList();
    }
}
