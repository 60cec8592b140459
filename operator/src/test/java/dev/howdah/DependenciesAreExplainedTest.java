// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** {@code docs/dependencies.md} names every direct dependency and plugin of the poms and of go.mod, and nothing else. */
class DependenciesAreExplainedTest {
    private static final String OWN = "dev.howdah:";
    private static final Pattern EXPLAINED = Pattern.compile("(?m)^- `([^`]+)`: \\S.*$");
    private static final Pattern GO_REQUIRED =
            Pattern.compile("(?m)^(?:require )?\\s*([a-z0-9.]+\\.[a-z]+/\\S+) v\\S+$");

    @Test
    void the_page_and_the_build_agree() throws Exception {
        var declared = new TreeSet<String>();
        for (Path pom : SourceTree.files(SourceTree.REPOSITORY, "pom.xml")) {
            declared(pom).filter(name -> !name.startsWith(OWN)).forEach(declared::add);
        }
        for (Path module : SourceTree.files(SourceTree.REPOSITORY, "go.mod")) {
            GO_REQUIRED
                    .matcher(SourceTree.read(module))
                    .results()
                    .map(line -> line.group(1))
                    .forEach(declared::add);
        }
        var explained = EXPLAINED
                .matcher(SourceTree.read(SourceTree.REPOSITORY.resolve("docs/dependencies.md")))
                .results()
                .map(line -> line.group(1))
                .toList();
        assertThat(explained).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(declared);
    }

    /** Dependencies, imported BOMs, copied artifacts, plugins and annotation processors, as {@code group:artifact}. */
    private static Stream<String> declared(Path pom) throws Exception {
        var document =
                DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
        return Stream.of("dependency", "plugin", "path", "artifactItem")
                .flatMap(tag -> {
                    var nodes = document.getElementsByTagName(tag);
                    return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item);
                })
                .map(Element.class::cast)
                .filter(element -> child(element, "artifactId").isPresent())
                .filter(element -> !managedOnly(element))
                .map(element -> child(element, "groupId").orElse("org.apache.maven.plugins") + ":"
                        + child(element, "artifactId").orElseThrow());
    }

    /** A managed version adds nothing to the build; an imported BOM does. */
    private static boolean managedOnly(Element element) {
        for (Node node = element.getParentNode(); node != null; node = node.getParentNode()) {
            if (node.getNodeName().equals("dependencyManagement")) {
                return child(element, "scope").filter("import"::equals).isEmpty();
            }
        }
        return false;
    }

    private static Optional<String> child(Element element, String name) {
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return Optional.of(node.getTextContent().strip());
            }
        }
        return Optional.empty();
    }
}
