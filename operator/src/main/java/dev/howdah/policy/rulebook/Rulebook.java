// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All policies and waivers, read once for as long as none of them changes. The order they come in does not matter. */
public final class Rulebook {
    public static final Rulebook EMPTY = of(List.of(), List.of());

    private static final String POLICY = "policy/";
    private static final String WAIVER = "waiver/";

    private final List<PolicyTerms> policies;
    private final Map<String, PolicyTerms> byName = new HashMap<>();
    private final Map<String, List<WaiverTerms>> waivers;
    private final Map<String, List<String>> policyFaults;
    private final Map<String, List<String>> waiverFaults;
    private final Map<String, Long> generations;

    private Rulebook(
            List<PolicyTerms> policies,
            Map<String, List<WaiverTerms>> waivers,
            Map<String, List<String>> policyFaults,
            Map<String, List<String>> waiverFaults,
            Map<String, Long> generations) {
        this.policies = policies;
        policies.forEach(policy -> byName.putIfAbsent(policy.name(), policy));
        this.waivers = waivers;
        this.policyFaults = policyFaults;
        this.waiverFaults = waiverFaults;
        this.generations = generations;
    }

    public static Rulebook of(Collection<DatabasePolicy> policies, Collection<DatabaseWaiver> waivers) {
        return of(policies, waivers, null);
    }

    /**
     * The same, where an object that was edited into something faulty goes on as it last was.
     *
     * @param before the reading before this one, {@code null} without one
     */
    public static Rulebook of(
            Collection<DatabasePolicy> policies, Collection<DatabaseWaiver> waivers, @Nullable Rulebook before) {
        var generations = new HashMap<String, Long>();
        policies.forEach(policy -> read(POLICY, policy, generations));
        waivers.forEach(waiver -> read(WAIVER, waiver, generations));
        var terms = new ArrayList<PolicyTerms>();
        var policyFaults = new HashMap<String, List<String>>();
        for (var policy : policies) {
            var read = Reading.policy(policy);
            if (read.terms() != null) {
                terms.add(read.terms());
            } else {
                var name = Reading.name(policy.getMetadata());
                policyFaults.put(name, read.faults());
                var last = before == null ? null : before.byName.get(name);
                if (last != null && last.generation() < generations.getOrDefault(POLICY + name, 0L)) {
                    terms.add(last);
                }
            }
        }
        terms.sort(Comparator.comparingInt(PolicyTerms::priority).reversed().thenComparing(PolicyTerms::name));
        var byClaim = new HashMap<String, List<WaiverTerms>>();
        var waiverFaults = new HashMap<String, List<String>>();
        for (var waiver : waivers) {
            var read = Reading.waiver(waiver);
            if (read.terms() != null) {
                add(byClaim, read.terms());
            } else {
                var name = Reading.name(waiver.getMetadata());
                waiverFaults.put(name, read.faults());
                if (before != null) {
                    before.waivers.values().stream()
                            .flatMap(List::stream)
                            .filter(last -> last.name().equals(name)
                                    && last.generation() < generations.getOrDefault(WAIVER + name, 0L))
                            .forEach(last -> add(byClaim, last));
                }
            }
        }
        byClaim.values().forEach(list -> list.sort(Comparator.comparing(WaiverTerms::name)));
        return new Rulebook(List.copyOf(terms), byClaim, policyFaults, waiverFaults, generations);
    }

    private static void read(String kind, HasMetadata object, Map<String, Long> generations) {
        var metadata = object.getMetadata();
        generations.put(kind + Reading.name(metadata), Reading.generation(metadata));
    }

    private static void add(Map<String, List<WaiverTerms>> byClaim, WaiverTerms waiver) {
        byClaim.computeIfAbsent(key(waiver.namespace(), waiver.claim()), k -> new ArrayList<>())
                .add(waiver);
    }

    /** Which generation of a policy was read, with or without faults; -1 for none. */
    public long generationOfPolicy(String name) {
        return generations.getOrDefault(POLICY + name, -1L);
    }

    /** Which generation of a waiver was read, with or without faults; -1 for none. */
    public long generationOfWaiver(String name) {
        return generations.getOrDefault(WAIVER + name, -1L);
    }

    /** The policies without faults, the one that ranks highest first. */
    public List<PolicyTerms> policies() {
        return policies;
    }

    /** What is wrong with a policy; empty when nothing is. */
    public List<String> policyFaults(String name) {
        return policyFaults.getOrDefault(name, List.of());
    }

    /** What is wrong with a waiver; empty when nothing is. */
    public List<String> waiverFaults(String name) {
        return waiverFaults.getOrDefault(name, List.of());
    }

    public Optional<PolicyTerms> policy(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The policies for claims of a class in a namespace, the one that ranks highest first. */
    public List<PolicyTerms> matching(@Nullable Map<String, String> namespaceLabels, @Nullable String className) {
        var matching = new ArrayList<PolicyTerms>();
        for (var policy : policies) {
            if (policy.matches(namespaceLabels, className)) {
                matching.add(policy);
            }
        }
        return matching;
    }

    /** The waivers of a claim, those that have ended included. */
    public List<WaiverTerms> waiversOf(String namespace, String claim) {
        return waivers.isEmpty() ? List.of() : waivers.getOrDefault(key(namespace, claim), List.of());
    }

    /** The waivers of a claim that have not ended. */
    public List<WaiverTerms> currentWaivers(String namespace, String claim, Instant now) {
        return waiversOf(namespace, claim).stream()
                .filter(waiver -> !waiver.ended(now))
                .toList();
    }

    /** What these allow together. */
    public Limits lifted(String namespace, String claim, Instant now) {
        var current = currentWaivers(namespace, claim, now);
        return current.isEmpty()
                ? Limits.NONE
                : Limits.together(current.stream().map(WaiverTerms::limits).toList());
    }

    /** The same without a single waiver. */
    public Rulebook withoutWaivers() {
        return new Rulebook(policies, Map.of(), policyFaults, waiverFaults, generations);
    }

    /** The same without a single quota: what can be judged without knowing what a namespace takes. */
    public Rulebook withoutQuotas() {
        return new Rulebook(
                policies.stream().map(PolicyTerms::withoutQuota).toList(),
                waivers,
                policyFaults,
                waiverFaults,
                generations);
    }

    private static String key(String namespace, String claim) {
        return namespace + "/" + claim;
    }
}
