// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How files are read: every form that kubectl takes, and every fault that the API server would find in the schema. */
class ObjectFilesTest {
    private static final String CLASS = """
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClass
            metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
            spec: {serverSelector: {}, majorVersions: [18]}
            ---
            """;

    private static Terminal.Outcome why(String yaml) {
        return new Terminal().reading(yaml).run("why", "shop/orders", "-f", "-");
    }

    @Test
    void documents_lists_and_other_kinds() {
        var outcome = why(CLASS + """
                # only a comment
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: List
                items:
                - apiVersion: howdah.dev/v1alpha1
                  kind: DatabaseClaim
                  metadata: {name: orders, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
                  spec: {connections: 7}
                """);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).containsPattern("connections +7 +DatabaseClaim");
    }

    @Test
    void json() {
        var outcome = why("""
                {"apiVersion": "v1", "kind": "List", "items": [
                \t{"apiVersion": "howdah.dev/v1alpha1", "kind": "DatabaseClass", "metadata": {"name": "a"},
                  "spec": {"serverSelector": {}, "majorVersions": [17]}},
                \t{"apiVersion": "howdah.dev/v1alpha1", "kind": "DatabaseClaim",
                  "metadata": {"name": "orders", "namespace": "shop"}, "spec": {"className": "a"}}]}
                """);
        assertThat(outcome.out()).startsWith("shop/orders: agreed to\n  class a, PostgreSQL 17");
    }

    @Test
    void anchors_and_merge_keys() {
        var yaml = CLASS + """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: &m {name: orders, namespace: shop}
                spec:
                  parameters: &p {work_mem: 8MB}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {<<: &base {namespace: shop, name: x}, name: other}
                spec: {}
                """;
        var outcome = why(yaml);
        assertThat(outcome.out()).contains("parameters.work_mem  8MB");
        assertThat(new Terminal()
                        .reading(yaml)
                        .run("why", "shop/other", "-f", "-")
                        .exit())
                .as("the merge key gave it its namespace")
                .isZero();
    }

    @Test
    void the_same_key_twice() {
        var outcome = why("kind: A\nspec:\n  a: 1\n  a: 2\n");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("howdah: stdin:4: \"spec.a\" is there twice; leave one out\n");
    }

    @Test
    void aliases_cannot_fill_the_memory() {
        var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
        }
        var outcome = why(yaml.toString());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("values, aliases included");
    }

    @Test
    void an_unknown_field_is_told_and_the_rest_holds() {
        var outcome = why(CLASS + """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: shop}
                spec:
                  clasName: standard
                  connections: 7
                """);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("connections")
                .contains("stdin:10 (document 2), DatabaseClaim shop/orders")
                .contains("`spec.clasName`: unknown field; did you mean className?");
    }

    @Test
    void every_fault_of_an_object_at_once() {
        var outcome = new Terminal().reading("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: shop}
                spec:
                  storage: 5 Gi
                  connections: "5"
                  parameters: {jit: on, work_mem: 4096, seq_page_cost: 1.5}
                  extensions: [{name: hstore, version: 1.8}, {version: "1"}]
                  access: [{name: app, role: Onwer}]
                  majorVersion: 9
                ---
                apiVersion: howdah.dev/v2
                kind: DatabasePolicy
                metadata: {name: x}
                """).run("offer", "-n", "shop", "-f", "-");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("`spec.storage`: \"5 Gi\": must be a size such as 10Gi")
                .contains("`spec.connections`: \"5\": must be a whole number")
                .contains("`spec.parameters.jit`: true: YAML reads this as a boolean; put it in quotes")
                .contains("`spec.parameters.seq_page_cost`: 1.5: YAML reads this as a number")
                .contains("`spec.extensions[0].version`: 1.8: YAML reads this as a number")
                .contains("`spec.extensions[1].name` is missing; it is required")
                .contains("`spec.access[0].role`: \"Onwer\": must be one of: Owner, ReadWrite, ReadOnly")
                .contains("`spec.majorVersion`: 9: must be from 15 to 18")
                .contains("`apiVersion`: howdah.dev/v2 is not known here")
                .doesNotContain("work_mem");
    }

    @Test
    void what_others_wrote_cannot_paint_on_the_terminal() {
        var outcome = why(CLASS + """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: shop}
                spec:
                  parameters: {application_name: "\u001b[31mred"}
                """.replace("\u001b", "\\u001b"));
        assertThat(outcome.out() + outcome.err()).doesNotContain("\u001b");
    }
}
