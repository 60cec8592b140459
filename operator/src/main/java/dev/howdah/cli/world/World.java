// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All objects that have a say, each kind by name; claims by {@code namespace/name}.
 *
 * @param namespaces their labels
 * @param places where each object is written, by {@code kind/name}; empty for those of a cluster
 * @param faults what the API server would mind about the objects
 * @param notes what the reader should know about how this was read
 */
public record World(
        SortedMap<String, DatabaseClass> classes,
        SortedMap<String, DatabasePolicy> policies,
        SortedMap<String, DatabaseWaiver> waivers,
        SortedMap<String, PostgresServer> servers,
        SortedMap<String, DatabaseClaim> claims,
        SortedMap<String, Map<String, String>> namespaces,
        Map<String, Place> places,
        List<Fault> faults,
        List<String> notes) {

    /** The label every namespace carries, which no file shows. */
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    /** The labels of a namespace as far as they are known. */
    public Map<String, String> labels(String namespace) {
        var labels = new TreeMap<>(namespaces.getOrDefault(namespace, Map.of()));
        labels.put(NAME_LABEL, namespace);
        return labels;
    }

    /** This, where what another world has takes the place of what has the same kind and name. */
    public World overlaidBy(World other) {
        return new World(
                together(classes, other.classes),
                together(policies, other.policies),
                together(waivers, other.waivers),
                together(servers, other.servers),
                together(claims, other.claims),
                together(namespaces, other.namespaces),
                together(places, other.places),
                Stream.concat(faults.stream(), other.faults.stream()).distinct().toList(),
                Stream.concat(notes.stream(), other.notes.stream()).distinct().toList());
    }

    private static <T> SortedMap<String, T> together(Map<String, T> one, Map<String, T> other) {
        var all = new TreeMap<>(one);
        all.putAll(other);
        return all;
    }

    /** Namespaces with claims whose labels nothing tells, where a policy asks for labels. */
    public SortedSet<String> unlabelled() {
        var unknown = new TreeSet<String>();
        var asked = policies.values().stream()
                .map(policy -> policy.getSpec().target())
                .anyMatch(target -> target != null && target.namespaceSelector() != null);
        if (asked) {
            claims.values().stream()
                    .map(claim -> claim.getMetadata().getNamespace())
                    .filter(namespace -> !namespaces.containsKey(namespace))
                    .forEach(unknown::add);
        }
        return unknown;
    }
}
