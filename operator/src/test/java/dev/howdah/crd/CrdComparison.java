// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import dev.howdah.crd.CrdBreak.Rule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionNames;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.SelectableField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares two sets of CRDs as an API server and its clients would meet them; what became wider is no finding. */
final class CrdComparison {
    private final String kind;
    private final List<CrdBreak> found = new ArrayList<>();

    private CrdComparison(String kind) {
        this.kind = kind;
    }

    static List<CrdBreak> of(List<CustomResourceDefinition> former, List<CustomResourceDefinition> now) {
        var byName =
                now.stream().collect(Collectors.toMap(crd -> crd.getMetadata().getName(), Function.identity()));
        var found = new ArrayList<CrdBreak>();
        for (var crd : former) {
            var kind = crd.getSpec().getNames().getKind();
            var same = byName.get(crd.getMetadata().getName());
            if (same == null) {
                found.add(new CrdBreak(
                        kind, "", Rule.KindRemoved, crd.getMetadata().getName() + " is not there any more"));
            } else {
                var comparison = new CrdComparison(kind);
                comparison.compare(crd, same);
                found.addAll(comparison.found);
            }
        }
        return List.copyOf(found);
    }

    private void compare(CustomResourceDefinition former, CustomResourceDefinition now) {
        if (!former.getSpec().getScope().equals(now.getSpec().getScope())) {
            add(
                    "",
                    Rule.ScopeChanged,
                    was(former.getSpec().getScope(), now.getSpec().getScope()));
        }
        compareNames(former.getSpec().getNames(), now.getSpec().getNames());
        var several = former.getSpec().getVersions().size() > 1;
        var versions = now.getSpec().getVersions().stream()
                .collect(Collectors.toMap(CustomResourceDefinitionVersion::getName, Function.identity()));
        for (var version : former.getSpec().getVersions()) {
            var same = versions.get(version.getName());
            if (same == null) {
                add("", Rule.VersionRemoved, "version " + version.getName() + " is not there any more");
            } else {
                compareVersion(several ? version.getName() + ":" : "", version, same);
            }
        }
        var stored = stored(former);
        if (versions.containsKey(stored) && !stored.equals(stored(now))) {
            add("", Rule.StorageVersionChanged, was(stored, stored(now)));
        }
    }

    private static String stored(CustomResourceDefinition crd) {
        return crd.getSpec().getVersions().stream()
                .filter(CustomResourceDefinitionVersion::getStorage)
                .map(CustomResourceDefinitionVersion::getName)
                .collect(Collectors.joining());
    }

    private void compareNames(CustomResourceDefinitionNames former, CustomResourceDefinitionNames now) {
        same("kind", former.getKind(), now.getKind());
        same("plural", former.getPlural(), now.getPlural());
        same("singular", former.getSingular(), now.getSingular());
        for (var name : former.getShortNames()) {
            if (!now.getShortNames().contains(name)) {
                add("", Rule.NameChanged, "the short name " + name + " is not there any more");
            }
        }
        for (var category : former.getCategories()) {
            if (!now.getCategories().contains(category)) {
                add("", Rule.NameChanged, "the category " + category + " is not there any more");
            }
        }
    }

    private void same(String name, @Nullable String former, @Nullable String now) {
        if (!Objects.equals(former, now)) {
            add("", Rule.NameChanged, name + " " + was(former, now));
        }
    }

    private void compareVersion(
            String prefix, CustomResourceDefinitionVersion former, CustomResourceDefinitionVersion now) {
        if (former.getServed() && !now.getServed()) {
            add(prefix, Rule.VersionNotServed, "version " + former.getName() + " is not served any more");
        }
        if (former.getSubresources() != null && former.getSubresources().getStatus() != null) {
            if (now.getSubresources() == null || now.getSubresources().getStatus() == null) {
                add(prefix + "status", Rule.SubresourceRemoved, "status is not a subresource any more");
            }
        }
        var columns = now.getAdditionalPrinterColumns().stream()
                .collect(Collectors.toMap(
                        CustomResourceColumnDefinition::getName,
                        column -> Map.of("jsonPath", column.getJsonPath(), "type", column.getType()),
                        (one, _) -> one));
        for (var column : former.getAdditionalPrinterColumns()) {
            var same = columns.get(column.getName());
            var before = Map.of("jsonPath", column.getJsonPath(), "type", column.getType());
            if (same == null) {
                add(prefix, Rule.ColumnRemoved, "the column " + column.getName() + " is not there any more");
            } else if (!same.equals(before)) {
                add(prefix, Rule.ColumnRemoved, "the column " + column.getName() + " " + was(before, same));
            }
        }
        var selectable = now.getSelectableFields().stream()
                .map(SelectableField::getJsonPath)
                .toList();
        for (var field : former.getSelectableFields()) {
            if (!selectable.contains(field.getJsonPath())) {
                add(
                        prefix + field.getJsonPath().replaceFirst("^\\.", ""),
                        Rule.SelectableFieldRemoved,
                        "cannot be selected by any more");
            }
        }
        new SchemaComparison(this::add)
                .compare(
                        prefix,
                        former.getSchema().getOpenAPIV3Schema(),
                        now.getSchema().getOpenAPIV3Schema());
    }

    private void add(String field, Rule rule, String what) {
        found.add(new CrdBreak(kind, field, rule, what));
    }

    static String was(@Nullable Object former, @Nullable Object now) {
        return "was " + (former == null ? "nothing" : former) + ", is " + (now == null ? "nothing" : now);
    }
}
