// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every alert says what is wrong and has a page that says what to do; dashboards fit any Grafana. */
class AlertsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((\\w+)\\.md\\)");
    private static final Pattern USED_LABEL = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");
    private static final int SCHEMA = 41;

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.\\w+$", "");
    }

    private static Set<String> alerts() {
        return Alerts.rules().stream().map(Alerts.Rule::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void an_alert_says_what_is_wrong() {
        assertThat(Alerts.rules()).hasSizeGreaterThan(15).allSatisfy(rule -> {
            assertThat(rule.name()).startsWith("Howdah");
            assertThat(rule.rule().path("labels").path("severity").asText()).isIn(SEVERITIES);
            assertThat(rule.annotation("summary")).isNotBlank();
            assertThat(rule.annotation("description")).isNotBlank().endsWith(".");
            assertThat(rule.annotation("runbook_url")).isEqualTo("docs/runbooks/" + rule.name() + ".md");
            assertThat(SourceTree.REPOSITORY.resolve(rule.annotation("runbook_url")))
                    .exists();
        });
        assertThat(Alerts.rules().stream().map(Alerts.Rule::name)).doesNotHaveDuplicates();
    }

    /** What is grouped away cannot be named any more. */
    @Test
    void an_alert_names_only_labels_that_are_left() {
        assertThat(Alerts.rules()).allSatisfy(rule -> {
            var expression = PromQl.of(rule.expression());
            var used = USED_LABEL
                    .matcher(rule.annotation("summary") + rule.annotation("description"))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toSet());
            if (!expression.grouped().isEmpty()) {
                assertThat(expression.grouped()).containsAll(used);
            }
        });
    }

    @Test
    void a_page_has_an_alert_and_says_what_to_do() {
        assertThat(Alerts.pages())
                .allSatisfy(page -> assertThat(page)
                        .content()
                        .startsWith("# " + name(page) + "\n")
                        .contains("**Means:**", "**Look:**", "**What to do:**", "See also:"));
        assertThat(Alerts.pages().stream().map(AlertsTest::name)).containsExactlyInAnyOrderElementsOf(alerts());
        var index = LINK.matcher(SourceTree.read(Alerts.RUNBOOKS.resolve("README.md")))
                .results()
                .map(link -> link.group(1))
                .toList();
        assertThat(index).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(alerts());
    }

    /** promtool is not on every machine; that something is there for it to run is seen without. */
    @Test
    void every_alert_is_tested_to_fire_and_not_to() {
        var fires = new TreeSet<String>();
        for (var file : SourceTree.files(Alerts.TESTS, ".yaml")) {
            var tests = Alerts.yaml(file);
            tests.path("rule_files")
                    .forEach(rules ->
                            assertThat(file.getParent().resolve(rules.asText())).exists());
            tests.path("tests").forEach(test -> {
                test.path("alert_rule_test").forEach(expected -> {
                    if (!expected.path("exp_alerts").isEmpty()) {
                        fires.add(expected.path("alertname").asText());
                    }
                });
                assertThat(test.path("input_series").size())
                        .as(
                                "%s has nothing that must not fire",
                                test.path("name").asText())
                        .isPositive();
            });
        }
        assertThat(fires).isEqualTo(alerts());
    }

    @Test
    void dashboards_fit_any_grafana() {
        assertThat(Alerts.dashboards().stream().map(AlertsTest::name))
                .containsExactlyInAnyOrder("platform", "dba", "team");
        for (var file : Alerts.dashboards()) {
            var dashboard = Alerts.json(file);
            assertThat(dashboard.path("schemaVersion").asInt()).isEqualTo(SCHEMA);
            assertThat(dashboard.path("uid").asText()).isEqualTo("howdah-" + name(file));
            var variables = new HashSet<String>();
            dashboard.path("templating").path("list").forEach(variable -> {
                variables.add(variable.path("name").asText());
                if (!variable.path("type").asText().equals("datasource")) {
                    assertThat(variable.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
                }
            });
            assertThat(variables).contains("datasource");
            var ids = new HashSet<Integer>();
            dashboard.path("panels").forEach(panel -> {
                assertThat(ids.add(panel.path("id").asInt())).as("%s", panel).isTrue();
                panel.path("targets").forEach(target -> checkTarget(panel, target));
            });
        }
    }

    private static void checkTarget(JsonNode panel, JsonNode target) {
        assertThat(List.of(panel, target))
                .allSatisfy(node ->
                        assertThat(node.path("datasource").path("uid").asText()).isEqualTo("${datasource}"));
        var expression = PromQl.of(target.path("expr").asText());
        var legend = LEGEND_LABEL
                .matcher(target.path("legendFormat").asText())
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toSet());
        assertThat(expression.grouped()).as(panel.path("title").asText()).containsAll(legend);
    }
}
