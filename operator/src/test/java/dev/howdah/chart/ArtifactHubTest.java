// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the chart says of itself to those who look for one agrees with what it holds. */
class ArtifactHubTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");

    private final JsonNode chart = yaml(read("charts/howdah/Chart.yaml"));

    private JsonNode annotation(String name) {
        var text = chart.path("annotations").path("artifacthub.io/" + name).asText();
        assertThat(text).as(name).isNotBlank();
        return yaml(text);
    }

    @Test
    void its_kinds_are_the_crds() {
        var listed = new TreeSet<String>();
        annotation("crds").forEach(crd -> {
            assertThat(crd.path("description").asText()).isNotBlank();
            listed.add(crd.path("name").asText() + " " + crd.path("kind").asText() + " "
                    + crd.path("version").asText());
        });
        var there = new TreeSet<String>();
        for (var file : files("crds")) {
            var crd = yaml(read(file));
            crd.at("/spec/versions")
                    .forEach(version -> there.add(crd.at("/metadata/name").asText() + " "
                            + crd.at("/spec/names/kind").asText() + " "
                            + version.path("name").asText()));
        }
        assertThat(listed).hasSize(5).isEqualTo(there);
    }

    /** Those files are applied by a test of their own. */
    @Test
    void its_examples_are_the_examples() {
        var examples = Stream.of("examples/platform", "examples/claims")
                .flatMap(folder -> files(folder).stream())
                .map(file -> yaml(read(file)))
                .toList();
        var kinds = new ArrayList<String>();
        annotation("crdsExamples").forEach(example -> {
            kinds.add(example.path("kind").asText());
            assertThat(examples).contains(example);
        });
        var crds = new ArrayList<String>();
        annotation("crds").forEach(crd -> crds.add(crd.path("kind").asText()));
        assertThat(kinds).containsExactlyElementsOf(crds);
    }

    @Test
    void its_changes_are_in_the_words_of_the_changelog() {
        var version = chart.path("appVersion").asText();
        var heading = version.endsWith("-SNAPSHOT") ? "Unreleased" : version;
        var changelog = read("CHANGELOG.md");
        var start = changelog.indexOf("## [" + heading + "]");
        assertThat(start).as("CHANGELOG.md has %s", heading).isPositive();
        var end = changelog.indexOf("\n## [", start);
        var section = end < 0 ? changelog.substring(start) : changelog.substring(start, end);
        annotation("changes").forEach(change -> {
            var kind = change.path("kind").asText();
            var title = "### " + kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + "\n";
            assertThat(section).contains(title);
            var from = section.indexOf(title) + title.length();
            var to = section.indexOf("\n### ", from);
            var said = section.substring(from, to < 0 ? section.length() : to);
            assertThat(plain(said)).contains(plain(change.path("description").asText()));
        });
        assertThat(annotation("changes")).isNotEmpty();
    }

    private static String plain(String text) {
        return LINK.matcher(text).replaceAll("$1").replaceAll("\\s+", " ").strip();
    }

    @Test
    void the_rest_is_as_elsewhere() {
        assertThat(read("LICENSE")).contains("Apache License", "Version 2.0");
        assertThat(chart.at("/annotations/artifacthub.io~1license").asText()).isEqualTo("Apache-2.0");
        assertThat(chart.at("/annotations/artifacthub.io~1operator").asText()).isEqualTo("true");
        assertThat(annotation("images").path(0).path("image").asText())
                .endsWith(":" + chart.path("appVersion").asText());
        assertThat(yaml(read("plugins/howdah.yaml").replace("@", "x")).at("/spec/homepage"))
                .isEqualTo(chart.path("home"));
        annotation("links")
                .forEach(link -> assertThat(link.path("url").asText()).startsWith("https://"));
    }

    /** In the chart's rules, which {@code AlertsTest} holds to the pages that there are. */
    @Test
    void runbooks_are_where_people_read_them() {
        var base = "https://git.example.com/howdah/docs/runbooks";
        for (var written : List.of(base, base + "/")) {
            assertThat(runbooks("runbookUrl: " + written))
                    .isNotEmpty()
                    .allSatisfy(url -> assertThat(url).matches(Pattern.quote(base) + "/Howdah\\w+\\.md"));
        }
        assertThat(runbooks("labels: {}"))
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url).matches("docs/runbooks/Howdah\\w+\\.md"));
        assertThatThrownBy(() -> runbooks("runbookUrl: /docs")).hasMessageContaining("runbookUrl");
    }

    private static List<String> runbooks(String value) {
        var urls = new ArrayList<String>();
        Chart.objects(Chart.render("monitoring: {prometheusRule: {skipIfMissing: false, " + value + "}}")).stream()
                .filter(object -> object.getKind().equals("PrometheusRule"))
                .map(ArtifactHubTest::tree)
                .forEach(rule -> rule.at("/spec/groups")
                        .forEach(group -> group.path("rules")
                                .forEach(alert -> urls.add(
                                        alert.at("/annotations/runbook_url").asText()))));
        return urls;
    }

    private static JsonNode tree(GenericKubernetesResource object) {
        return YAML.valueToTree(object);
    }

    private static List<String> files(String folder) {
        try (var files = Files.list(Chart.REPOSITORY.resolve(folder))) {
            return files.map(Path::getFileName)
                    .map(name -> folder + "/" + name)
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String path) {
        try {
            return Files.readString(Chart.REPOSITORY.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
