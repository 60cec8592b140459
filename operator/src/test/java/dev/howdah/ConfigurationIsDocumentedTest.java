// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} lists every property of {@code HowdahConfig} with its default, and no other. */
class ConfigurationIsDocumentedTest {
    private static final Pattern METHOD = Pattern.compile(
            "(?:@WithDefault\\(\"([^\"]*)\"\\)\\s+)?(?:boolean|int|String|Duration|Registration\\.Failure|Certificate|Optional<\\w+>) (\\w+)\\(\\);");
    /** Groups of properties; one interface in another, and none deeper. */
    private static final Pattern NESTED = Pattern.compile("\\n    interface (\\w+) \\{");

    private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(HOWDAH_\\w+)` \\| (?:`([^`]*)`)?");

    @Test
    void the_page_and_the_code_agree() {
        var source = SourceTree.read(SourceTree.SOURCES.resolve("dev/howdah/app/HowdahConfig.java"));
        var parts = NESTED.split(source);
        var names = NESTED.matcher(source).results().map(part -> part.group(1)).toList();
        assertThat(names).hasSizeGreaterThan(1);
        var expected = new ArrayList<String>(properties("HOWDAH_", parts[0]));
        for (int i = 0; i < names.size(); i++) {
            expected.addAll(properties("HOWDAH_" + inCapitals(names.get(i)) + "_", parts[i + 1]));
        }

        var page = SourceTree.read(SourceTree.REPOSITORY.resolve("docs/configuration.md"));
        var listed = LISTED.matcher(page)
                .results()
                .map(line -> line.group(1) + "=" + (line.group(2) == null ? "" : line.group(2)))
                .toList();
        assertThat(expected).hasSizeGreaterThan(5);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> properties(String prefix, String source) {
        return METHOD.matcher(source)
                .results()
                .map(method ->
                        prefix + inCapitals(method.group(2)) + "=" + (method.group(1) == null ? "" : method.group(1)))
                .toList();
    }

    private static String inCapitals(String name) {
        return name.replaceAll("(?<=[a-z])([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
