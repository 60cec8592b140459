// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassSpec;
import dev.howdah.api.v1alpha1.DatabaseClassStatus;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabasePolicyStatus;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec;
import dev.howdah.api.v1alpha1.DatabaseWaiverStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.PostgresServerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes objects of documents. What is of no kind that has a say is passed over. */
final class ObjectReader {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final SortedMap<String, DatabaseClass> classes = new TreeMap<>();
    private final SortedMap<String, DatabasePolicy> policies = new TreeMap<>();
    private final SortedMap<String, DatabaseWaiver> waivers = new TreeMap<>();
    private final SortedMap<String, PostgresServer> servers = new TreeMap<>();
    private final SortedMap<String, DatabaseClaim> claims = new TreeMap<>();
    private final SortedMap<String, Map<String, String>> namespaces = new TreeMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    void add(Document document) {
        add(document.root(), document.place(""));
    }

    World world(List<String> notes) {
        return new World(classes, policies, waivers, servers, claims, namespaces, places, faults, notes);
    }

    boolean empty() {
        return places.isEmpty() && faults.isEmpty();
    }

    private void add(JsonNode node, Place place) {
        var kind = node.path("kind").asText();
        var items = node.path("items");
        if (kind.endsWith("List") && items.isArray()) {
            for (int i = 0; i < items.size(); i++) {
                var prefix = place.prefix().isEmpty() ? "" : place.prefix() + ".";
                add(
                        items.get(i),
                        new Place(place.file(), place.document(), prefix + "items[" + i + "]", place.lines()));
            }
            return;
        }
        var version = node.path("apiVersion").asText();
        if (kind.equals("Namespace") && version.equals("v1")) {
            namespace(node, place);
        } else if (version.startsWith(Howdah.GROUP + "/") && !kind.equals("PolicyTest")) {
            ours(node, kind, version, place);
        }
    }

    private void namespace(JsonNode node, Place place) {
        var name = node.path("metadata").path("name").asText();
        if (!name.isEmpty()) {
            var labels = new TreeMap<String, String>();
            node.path("metadata")
                    .path("labels")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            namespaces.put(name, labels);
            places.put("Namespace/" + name, place);
        }
    }

    private void ours(JsonNode node, String kind, String version, Place place) {
        var object = new Reading(node, kind, place);
        if (!version.equals(Howdah.GROUP + "/" + Howdah.VERSION)) {
            object.fault(
                    "apiVersion",
                    "`apiVersion`: %s is not known here; use %s/%s".formatted(version, Howdah.GROUP, Howdah.VERSION));
            return;
        }
        switch (kind) {
            case "DatabaseClass" ->
                object.read(new DatabaseClass(), DatabaseClassSpec.class, DatabaseClassStatus.class, classes);
            case "DatabasePolicy" ->
                object.read(new DatabasePolicy(), DatabasePolicySpec.class, DatabasePolicyStatus.class, policies);
            case "DatabaseWaiver" ->
                object.read(new DatabaseWaiver(), DatabaseWaiverSpec.class, DatabaseWaiverStatus.class, waivers);
            case "PostgresServer" ->
                object.read(new PostgresServer(), PostgresServerSpec.class, PostgresServerStatus.class, servers);
            case "DatabaseClaim" ->
                object.read(new DatabaseClaim(), DatabaseClaimSpec.class, DatabaseClaimStatus.class, claims);
            default ->
                object.fault(
                        "kind",
                        "`kind`: %s has no kind \"%s\"; there are DatabaseClaim, DatabaseClass, DatabasePolicy, DatabaseWaiver and PostgresServer"
                                .formatted(Howdah.GROUP, kind));
        }
    }

    /** One object. It is taken into the world when what is wrong with it does not keep it from being understood. */
    private final class Reading {
        private final JsonNode node;
        private final String kind;
        private final Place place;
        private final String name;
        private final String key;
        private boolean unreadable;

        Reading(JsonNode node, String kind, Place place) {
            this.node = node;
            this.kind = kind;
            this.place = place;
            this.name = node.path("metadata").path("name").asText();
            // As kubectl does with the default context.
            var namespace = node.path("metadata").path("namespace").asText("default");
            this.key = kind.equals("DatabaseClaim") ? namespace + "/" + name : name;
        }

        void fault(String path, String message) {
            var subject = kind + (name.isEmpty() ? "" : " " + key);
            faults.add(new Fault(place.file(), place.line(path), place.document(), subject, path, message));
        }

        /** Leaves nothing to judge; an unknown field is a mere fault, and the rest holds. */
        private void wrong(String path, String message) {
            fault(path, message);
            unreadable = true;
        }

        <S, T, C extends CustomResource<S, T>> void read(
                C object, Class<S> spec, Class<T> status, SortedMap<String, C> into) {
            node.fieldNames().forEachRemaining(field -> {
                if (!TOP.contains(field)) {
                    fault(
                            field,
                            "`%s`: unknown field; an object has apiVersion, kind, metadata and spec".formatted(field));
                }
            });
            metadata();
            if (node.hasNonNull("spec")) {
                new Shape(this::wrong, this::fault).object(node.get("spec"), spec, "spec");
            } else {
                wrong("spec", "`spec` is missing; write `spec: {}` where nothing is asked for");
            }
            if (unreadable) {
                return;
            }
            try {
                object.setMetadata(MAPPER.treeToValue(node.get("metadata"), ObjectMeta.class));
                if (kind.equals("DatabaseClaim")) {
                    object.getMetadata().setNamespace(key.substring(0, key.indexOf('/')));
                }
                object.setSpec(MAPPER.treeToValue(node.get("spec"), spec));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                fault(
                        "",
                        "cannot be read: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""));
                return;
            }
            object.setStatus(status(status));
            var there = places.put(kind + "/" + key, place);
            if (there != null) {
                fault("metadata.name", "is in %s too; keep one of them".formatted(there.at("")));
            }
            into.put(key, object);
        }

        private void metadata() {
            var metadata = node.path("metadata");
            if (name.isEmpty()) {
                wrong("metadata", "`metadata.name` is missing; it is required");
            } else if (kind.equals("DatabaseClaim") && !DNS_LABEL.matcher(name).matches()) {
                wrong(
                        "metadata.name",
                        "`metadata.name`: \"%s\" must be a DNS label (lower-case letters, digits and '-', at most 63 characters)"
                                .formatted(name));
            }
            for (var map : List.of("labels", "annotations")) {
                metadata.path(map).properties().forEach(entry -> {
                    if (!entry.getValue().isTextual()) {
                        wrong(
                                "metadata." + map + "." + entry.getKey(),
                                "`metadata.%s.%s`: %s: must be a text; put it in quotes"
                                        .formatted(map, entry.getKey(), entry.getValue()));
                    }
                });
            }
        }

        /** From an exported object; a later version's may not be readable, and then says nothing. */
        private <T> @Nullable T status(Class<T> type) {
            try {
                return node.hasNonNull("status") ? MAPPER.treeToValue(node.get("status"), type) : null;
            } catch (JsonProcessingException e) {
                return null;
            }
        }
    }
}
