// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** A test that does not hold: what people, build servers and code hosts are told. */
class ReportsTest {
    @TempDir
    Path folder;

    private Terminal.Outcome outcome = new Terminal.Outcome(0, "", "");

    @BeforeEach
    void run() throws Exception {
        Files.writeString(folder.resolve("objects.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
                spec: {serverSelector: {}, majorVersions: [18], defaults: {parameters: {work_mem: 16MB}}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: shop}
                spec: {storage: 10Gi}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: odd}
                spec: {enforcement: Enforce, limits: {parameters: {wrok_mem: {max: 1MB}}}}
                """);
        Files.writeString(folder.resolve("howdah-test.yaml"), """
                kind: PolicyTest
                objects: [objects.yaml]
                expect:
                  - claim: shop/orders
                    values: {storage: 10240Mi, parameters.work_mem: 16384kB}
                  - claim: shop/orders
                    accepted: false
                    reasons: [QuotaExceeded]
                    values: {storage: 11Gi, parameters.work_mem: "<&>", connections: null}
                  - claim: shop/nobody
                    accepted: true
                """);
        outcome = new Terminal()
                .run(
                        "test",
                        folder.toString(),
                        "--junit",
                        folder.resolve("out/junit.xml").toString(),
                        "--sarif",
                        folder.resolve("out/results.sarif").toString());
    }

    @Test
    void people() {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("accepted: expected false, is true")
                .contains("reasons: expected [QuotaExceeded], are []")
                .contains("storage: expected 11Gi, is 10Gi (DatabaseClaim)")
                .contains("connections: expected not to be set, is 20 (built-in)")
                .contains("there is no claim shop/nobody among the objects")
                .contains("FAIL  DatabasePolicy/odd")
                .endsWith("1 passed, 3 failed\n");
    }

    @Test
    void junit() throws Exception {
        var xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("out/junit.xml").toFile());
        var root = xml.getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("testsuites");
        assertThat(root.getAttribute("tests")).isEqualTo("4");
        assertThat(root.getAttribute("failures")).isEqualTo("3");
        var cases = xml.getElementsByTagName("testcase");
        assertThat(cases.getLength()).isEqualTo(4);
        var failed = (Element) cases.item(2);
        assertThat(failed.getAttribute("name")).isEqualTo("shop/orders");
        assertThat(failed.getElementsByTagName("failure").item(0).getTextContent())
                .contains("<&>");
    }

    @Test
    void sarif() throws Exception {
        var sarif =
                new ObjectMapper().readTree(folder.resolve("out/results.sarif").toFile());
        assertThat(sarif.path("version").asText()).isEqualTo("2.1.0");
        var run = sarif.path("runs").path(0);
        assertThat(run.path("tool").path("driver").path("name").asText()).isEqualTo("howdah");
        var rules = run.path("tool").path("driver").path("rules").findValuesAsText("id");
        assertThat(run.path("results")).hasSize(3).allSatisfy(result -> {
            assertThat(rules).contains(result.path("ruleId").asText());
            assertThat(result.path("level").asText()).isEqualTo("error");
            assertThat(result.path("message").path("text").asText()).isNotBlank();
            var place = result.path("locations").path(0).path("physicalLocation");
            assertThat(place.path("artifactLocation").path("uri").asText()).endsWith(".yaml");
            assertThat(place.path("region").path("startLine").asInt()).isPositive();
        });
        var place = run.path("results").path(1).path("locations").path(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").asText()).endsWith("/howdah-test.yaml");
        assertThat(place.path("region").path("startLine").asInt()).isEqualTo(6);
        var related =
                run.path("results").path(1).path("relatedLocations").path(0).path("physicalLocation");
        assertThat(related.path("region").path("startLine").asInt()).isEqualTo(9);
    }
}
