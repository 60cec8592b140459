// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether the cluster knows the kinds, as this build does: field by field, so that no version number has to be trusted. */
final class CrdChecks {
    private static final String AREA = "CRD";
    private static final String APPLY =
            "Apply those of this version: kubectl apply --server-side --force-conflicts -f crds/";
    private static final int NAMED = 5;

    private static final List<Kind> KINDS = List.of(
            new Kind(DatabaseClaim.class, DatabaseClaimSpec.class, DatabaseClaimStatus.class),
            new Kind(DatabaseClass.class, DatabaseClassSpec.class, DatabaseClassStatus.class),
            new Kind(DatabasePolicy.class, DatabasePolicySpec.class, DatabasePolicyStatus.class),
            new Kind(DatabaseWaiver.class, DatabaseWaiverSpec.class, DatabaseWaiverStatus.class),
            new Kind(PostgresServer.class, PostgresServerSpec.class, PostgresServerStatus.class));

    private CrdChecks() {}

    private record Kind(Class<? extends HasMetadata> type, Class<?> spec, Class<?> status) {
        String crd() {
            return HasMetadata.getPlural(type) + "." + Howdah.GROUP;
        }
    }

    static List<Check> of(KubernetesClient client) {
        var checks = KINDS.stream().map(kind -> look(client, kind)).toList();
        return Check.orFine(checks, AREA, "all " + KINDS.size(), "there, with the fields that this version knows");
    }

    private static Check look(KubernetesClient client, Kind kind) {
        try {
            return judge(
                    kind,
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(kind.crd())
                            .get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Check.notChecked(AREA, kind.crd(), "get customresourcedefinitions");
            }
            throw e;
        }
    }

    private static Check judge(Kind kind, @Nullable CustomResourceDefinition crd) {
        if (crd == null) {
            return Check.problem(AREA, kind.crd(), "is not there", APPLY);
        }
        var established = crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
        if (!established) {
            return Check.problem(
                    AREA, kind.crd(), "is not established", "See kubectl describe crd %s".formatted(kind.crd()));
        }
        var schema = crd.getSpec().getVersions().stream()
                .filter(version -> version.getName().equals(Howdah.VERSION) && Boolean.TRUE.equals(version.getServed()))
                .findFirst()
                .map(version -> version.getSchema().getOpenAPIV3Schema());
        if (schema.isEmpty()) {
            return Check.problem(AREA, kind.crd(), "does not serve " + Howdah.VERSION, APPLY);
        }
        return compare(kind, schema.get());
    }

    private static Check compare(Kind kind, JSONSchemaProps schema) {
        var known = new TreeSet<String>();
        fields(kind.spec(), "spec", known);
        fields(kind.status(), "status", known);
        var there = new TreeSet<String>();
        fields(schema, "", there);
        var older = minus(known, there);
        if (!older.isEmpty()) {
            return Check.problem(AREA, kind.crd(), "is of an older version: it lacks " + names(older), APPLY);
        }
        var newer = minus(there, known);
        return newer.isEmpty()
                ? Check.fine(AREA, kind.crd(), "as this version knows it")
                : Check.warning(
                        AREA,
                        kind.crd(),
                        "is of a newer version: this one does not know " + names(newer),
                        "Use the command line of that version");
    }

    private static List<String> minus(Set<String> one, Set<String> other) {
        return one.stream().filter(path -> !other.contains(path)).toList();
    }

    private static String names(List<String> paths) {
        var named = String.join(", ", paths.subList(0, Math.min(NAMED, paths.size())));
        return paths.size() > NAMED ? "%s and %d more".formatted(named, paths.size() - NAMED) : named;
    }

    /** Of the records; what is below a kind of somebody else's is not ours to know. */
    private static void fields(Class<?> type, String path, Set<String> fields) {
        for (RecordComponent component : type.getRecordComponents()) {
            var there = path + "." + component.getName();
            fields.add(there);
            record(component.getGenericType()).ifPresent(below -> fields(below, there, fields));
        }
    }

    private static Optional<Class<?>> record(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return record(list.getActualTypeArguments()[0]);
        }
        return type instanceof Class<?> plain && plain.isRecord() ? Optional.of(plain) : Optional.empty();
    }

    private static void fields(JSONSchemaProps schema, String path, Set<String> fields) {
        var properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        properties.forEach((name, property) -> {
            var there = path.isEmpty() ? name : path + "." + name;
            if (there.startsWith("spec") || there.startsWith("status")) {
                if (there.contains(".")) {
                    fields.add(there);
                }
                var items =
                        property.getItems() == null ? null : property.getItems().getSchema();
                // A selector's own fields are Kubernetes'.
                if (!name.endsWith("Selector")) {
                    fields(items == null ? property : items, there, fields);
                }
            }
        });
    }
}
