// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.crd.CrdBreak.Rule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pairs made for it: each rule finds what it is for, and what became wider is found by none. */
class CrdComparisonTest {
    private static final String FORMER = """
            metadata: {name: ducks.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {kind: Duck, plural: ducks, singular: duck, shortNames: [dk], categories: [birds]}
              versions:
                - name: v1
                  served: true
                  storage: true
                  subresources: {status: {}}
                  selectableFields: [{jsonPath: .spec.name}]
                  additionalPrinterColumns: [{name: NAME, jsonPath: .spec.name, type: string}]
                  schema:
                    openAPIV3Schema:
                      type: object
                      required: [spec]
                      properties:
                        spec:
                          type: object
                          required: [name]
                          x-kubernetes-validations: [{rule: "self.age < 9"}]
                          properties:
                            name: {type: string, minLength: 1, maxLength: 20, pattern: "^[a-z]+$"}
                            age: {type: integer, format: int64, minimum: 0, maximum: 20, default: 1}
                            colour: {type: string, enum: [brown, white], nullable: true}
                            friends: {type: array, maxItems: 5, x-kubernetes-list-type: set, items: {type: string, maxLength: 9}}
                            notes: {type: object, maxProperties: 3, additionalProperties: {type: string, maxLength: 7}}
                            any: {type: object, x-kubernetes-preserve-unknown-fields: true}
                        status:
                          type: object
                          properties:
                            eggs: {type: integer, maximum: 3}
            """;

    private static Arguments breaks(String from, String to, Rule rule, String field) {
        return Arguments.of(from, to, List.of(field + " " + rule));
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                breaks("ducks.example.com", "geese.example.com", Rule.KindRemoved, ""),
                breaks("scope: Namespaced", "scope: Cluster", Rule.ScopeChanged, ""),
                breaks("plural: ducks", "plural: duckses", Rule.NameChanged, ""),
                breaks("singular: duck,", "singular: ducky,", Rule.NameChanged, ""),
                breaks("shortNames: [dk]", "shortNames: [d]", Rule.NameChanged, ""),
                breaks("categories: [birds]", "categories: [animals]", Rule.NameChanged, ""),
                breaks("name: v1\n", "name: v2\n", Rule.VersionRemoved, ""),
                breaks("served: true", "served: false", Rule.VersionNotServed, ""),
                breaks("storage: true", "storage: false", Rule.StorageVersionChanged, ""),
                breaks("subresources: {status: {}}", "subresources: {}", Rule.SubresourceRemoved, "status"),
                breaks("[{name: NAME, jsonPath: .spec.name, type: string}]", "[]", Rule.ColumnRemoved, ""),
                breaks("NAME, jsonPath: .spec.name", "NAME, jsonPath: .spec.age", Rule.ColumnRemoved, ""),
                breaks("[{jsonPath: .spec.name}]", "[]", Rule.SelectableFieldRemoved, "spec.name"),
                breaks("age: {", "years: {", Rule.FieldRemoved, "spec.age"),
                breaks(
                        "age: {type: integer, format: int64",
                        "age: {type: number, format: int64",
                        Rule.TypeChanged,
                        "spec.age"),
                breaks("format: int64", "format: int32", Rule.TypeChanged, "spec.age"),
                breaks("items: {type: string", "items: {type: integer", Rule.TypeChanged, "spec.friends[]"),
                breaks(", nullable: true", "", Rule.NullRefused, "spec.colour"),
                breaks(", x-kubernetes-preserve-unknown-fields: true", "", Rule.UnknownFieldsRefused, "spec.any"),
                breaks(
                        ", additionalProperties: {type: string, maxLength: 7}",
                        ", properties: {a: {type: string}}",
                        Rule.UnknownFieldsRefused,
                        "spec.notes"),
                breaks("required: [name]", "required: [name, colour]", Rule.FieldRequired, "spec.colour"),
                breaks("default: 1", "default: 2", Rule.DefaultChanged, "spec.age"),
                breaks(", default: 1", "", Rule.DefaultChanged, "spec.age"),
                breaks("list-type: set", "list-type: atomic", Rule.ListTypeChanged, "spec.friends"),
                breaks("enum: [brown, white]", "enum: [brown]", Rule.EnumTightened, "spec.colour"),
                breaks("maxLength: 20, ", "maxLength: 20, enum: [a], ", Rule.EnumTightened, "spec.name"),
                breaks("^[a-z]+$", "^[a-y]+$", Rule.PatternChanged, "spec.name"),
                breaks(
                        "{type: string, maxLength: 9}",
                        "{type: string, maxLength: 9, pattern: a}",
                        Rule.PatternChanged,
                        "spec.friends[]"),
                breaks("minLength: 1", "minLength: 2", Rule.BoundTightened, "spec.name"),
                breaks("maxLength: 20", "maxLength: 19", Rule.BoundTightened, "spec.name"),
                breaks("minimum: 0", "minimum: 1", Rule.BoundTightened, "spec.age"),
                breaks("maximum: 20", "maximum: 19", Rule.BoundTightened, "spec.age"),
                breaks("maximum: 20", "maximum: 20, exclusiveMaximum: true", Rule.BoundTightened, "spec.age"),
                breaks("maxItems: 5", "maxItems: 4", Rule.BoundTightened, "spec.friends"),
                breaks("maxItems: 5", "maxItems: 5, minItems: 1", Rule.BoundTightened, "spec.friends"),
                breaks("maxProperties: 3", "maxProperties: 2", Rule.BoundTightened, "spec.notes"),
                breaks("maxLength: 7", "maxLength: 6", Rule.BoundTightened, "spec.notes[]"),
                breaks("self.age < 9", "self.age < 8", Rule.RuleAdded, "spec"),
                breaks(
                        "eggs: {type: integer, maximum: 3}",
                        "eggs: {type: integer, maximum: 2}",
                        Rule.BoundTightened,
                        "status.eggs"));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource
    void breaks(String from, String to, List<String> expected) {
        assertThat(FORMER).contains(from);
        var found = CrdComparison.of(List.of(crd(FORMER)), List.of(crd(FORMER.replace(from, to))));
        assertThat(found).extracting(each -> each.field() + " " + each.rule()).isEqualTo(expected);
        assertThat(found.getFirst().line())
                .startsWith("Duck")
                .contains(": " + found.getFirst().rule() + ": ", "Either ", AcceptedBreaks.NAME);
    }

    @Test
    void every_rule_is_tried() {
        var tried = breaks().map(each -> ((List<?>) each.get()[2]).getFirst().toString())
                .map(line -> Rule.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .collect(Collectors.toSet());
        assertThat(tried).isEqualTo(EnumSet.allOf(Rule.class));
    }

    @Test
    void what_became_wider_is_none() {
        var wider = FORMER.replace("shortNames: [dk]", "shortNames: [dk, d]")
                .replace("required: [name]", "required: []")
                .replace("minLength: 1, maxLength: 20, pattern: \"^[a-z]+$\"", "maxLength: 30")
                .replace("enum: [brown, white]", "enum: [brown, white, red]")
                .replace("minimum: 0, maximum: 20", "minimum: -1")
                .replace("x-kubernetes-validations: [{rule: \"self.age < 9\"}]", "x-kubernetes-validations: []")
                .replace("maxItems: 5", "maxItems: 6")
                .replace("maxLength: 7", "maxLength: 8")
                .replace(
                        "eggs: {type: integer, maximum: 3}",
                        "eggs: {type: integer}\n                more: {type: string}")
                .replace(
                        "any: {",
                        "new: {type: object, required: [a], properties: {a: {type: string}}}\n                any: {");
        assertThat(wider).isNotEqualTo(FORMER);
        assertThat(CrdComparison.of(List.of(crd(FORMER)), List.of(crd(wider)))).isEmpty();
        // Required, and filled in where it is not said.
        assertThat(CrdComparison.of(
                        List.of(crd(FORMER)),
                        List.of(crd(FORMER.replace("required: [name]", "required: [name, age]")))))
                .isEmpty();
        assertThat(CrdComparison.of(List.of(), List.of(crd(FORMER)))).isEmpty();
    }

    @Test
    void a_version_beside_the_former_one_is_none_and_each_is_named() {
        var two = crd(FORMER);
        var second = crd(FORMER.replace("name: v1\n", "name: v2\n").replace("storage: true", "storage: false"));
        var versions = Stream.concat(two.getSpec().getVersions().stream(), second.getSpec().getVersions().stream())
                .toList();
        two.getSpec().setVersions(versions);
        assertThat(CrdComparison.of(List.of(crd(FORMER)), List.of(two))).isEmpty();

        var third = crd(FORMER);
        third.getSpec()
                .setVersions(List.of(
                        versions.getFirst(),
                        crd(FORMER.replace("name: v1\n", "name: v2\n")
                                        .replace("storage: true", "storage: false")
                                        .replace("maxItems: 5", "maxItems: 4"))
                                .getSpec()
                                .getVersions()
                                .getFirst()));
        assertThat(CrdComparison.of(List.of(two), List.of(third)))
                .extracting(CrdBreak::field)
                .containsExactly("v2:spec.friends");
    }

    @Test
    void a_break_that_is_meant_is_declared_with_its_reason_and_as_long_as_it_is_one() {
        var found = CrdComparison.of(List.of(crd(FORMER)), List.of(crd(FORMER.replace("maxItems: 5", "maxItems: 4"))));
        assertThat(AcceptedBreaks.read("breaks: []").verdict(found)).hasSize(1);
        var entry =
                "breaks: [{kind: Duck, field: \"spec.friends[]\", rule: BoundTightened, reason: nobody has so many}]";
        assertThat(AcceptedBreaks.read(entry).verdict(found))
                .as("another field")
                .hasSize(2);
        var right = entry.replace("friends[]", "friends");
        assertThat(AcceptedBreaks.read(right).verdict(found)).isEmpty();
        assertThat(AcceptedBreaks.read(right).verdict(List.of()))
                .singleElement()
                .asString()
                .contains("nothing is broken", "take it out");
        assertThat(AcceptedBreaks.read(right.replace(", reason: nobody has so many", ""))
                        .verdict(found))
                .singleElement()
                .asString()
                .contains("says no reason");
        for (var wrong : List.of(
                "breaks: [{kind: Duck, field: spec.friends, rule: BoundTightened, reason: x, more: y}]",
                "breaks: [{kind: Duck, field: spec.friends, rule: Bound, reason: x}]")) {
            assertThatThrownBy(() -> AcceptedBreaks.read(wrong)).hasMessageContaining(AcceptedBreaks.NAME);
        }
    }

    private static CustomResourceDefinition crd(String yaml) {
        return Serialization.unmarshal(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n" + yaml,
                CustomResourceDefinition.class);
    }
}
