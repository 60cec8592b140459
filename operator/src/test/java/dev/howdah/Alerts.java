// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The alert rules, dashboards and runbooks of this repository, and every PromQL expression in them. */
final class Alerts {
    static final Path RULES = SourceTree.REPOSITORY.resolve("charts/howdah/files/alerts");
    static final Path TESTS = SourceTree.REPOSITORY.resolve("tests/alerts");
    static final Path RUNBOOKS = SourceTree.REPOSITORY.resolve("docs/runbooks");
    static final Path DASHBOARDS = SourceTree.REPOSITORY.resolve("charts/howdah/files/dashboards");

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonMapper JSON = new JsonMapper();

    private Alerts() {}

    record Rule(String name, String expression, JsonNode rule) {
        String annotation(String key) {
            return rule.path("annotations").path(key).asText();
        }
    }

    /** Where an expression is, for whoever has to correct it. */
    record Expression(String place, String text) {}

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(SourceTree.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(SourceTree.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static List<Rule> rules() {
        var rules = new ArrayList<Rule>();
        for (var file : SourceTree.files(RULES, ".yaml")) {
            yaml(file)
                    .path("groups")
                    .forEach(group -> group.path("rules")
                            .forEach(rule -> rules.add(new Rule(
                                    rule.path("alert").asText(),
                                    rule.path("expr").asText(),
                                    rule))));
        }
        return rules;
    }

    static List<Path> dashboards() {
        return SourceTree.files(DASHBOARDS, ".json");
    }

    static List<Path> pages() {
        return SourceTree.files(RUNBOOKS, ".md").stream()
                .filter(page -> !page.endsWith("README.md"))
                .toList();
    }

    /** The commands of the runbooks, one each. */
    static List<Expression> commands() {
        return lines("sh");
    }

    /** Of the blocks of the runbooks in this language. */
    private static List<Expression> lines(String language) {
        return pages().stream()
                .flatMap(page -> Markdown.of(page).blocks(language).stream()
                        .flatMap(block -> block.lines().stream())
                        .map(line -> new Expression(page.getFileName().toString(), line)))
                .toList();
    }

    static List<Expression> expressions() {
        var all = new ArrayList<Expression>();
        rules().forEach(rule -> all.add(new Expression(rule.name(), rule.expression())));
        all.addAll(lines("promql"));
        for (var dashboard : dashboards()) {
            var name = dashboard.getFileName().toString();
            var root = json(dashboard);
            root.path("panels")
                    .forEach(panel -> panel.path("targets")
                            .forEach(target -> all.add(new Expression(
                                    name + ": " + panel.path("title").asText(),
                                    target.path("expr").asText()))));
        }
        return all;
    }
}
