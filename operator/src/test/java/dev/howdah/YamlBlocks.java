// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The YAML that users may copy: the files in {@code examples/} and the blocks of the documentation. */
final class YamlBlocks {
    /** What the HTML comment before a block says that is no whole object. */
    private static final String FRAGMENT = "fragment";

    private static final Pattern DOCUMENT_END = Pattern.compile("(?m)^---\\s*$");

    private static final Pattern GITOPS =
            Pattern.compile("(?m)^apiVersion: (argoproj\\.io|\\w+\\.toolkit\\.fluxcd\\.io)/");

    private YamlBlocks() {}

    /** Where it is, and one object. */
    record Block(String place, String yaml) {}

    static List<Block> all() {
        var blocks = new ArrayList<Block>();
        var root = SourceTree.REPOSITORY;
        SourceTree.files(root.resolve("examples"), ".yaml")
                .forEach(file -> split(name(file), SourceTree.read(file)).forEach(blocks::add));
        Stream.of(
                        Stream.of(root.resolve("README.md"), root.resolve("CONTRIBUTING.md")),
                        SourceTree.files(root.resolve("docs"), ".md").stream(),
                        SourceTree.files(root.resolve("examples"), ".md").stream())
                .flatMap(files -> files)
                .forEach(file -> in(file).forEach(blocks::add));
        return blocks;
    }

    private static List<Block> in(Path file) {
        var blocks = new ArrayList<Block>();
        int number = 0;
        for (var block : Markdown.of(file).blocks("yaml")) {
            number++;
            if (!block.marker().equals(FRAGMENT)) {
                blocks.addAll(split(name(file) + ", block " + number, block.text()));
            }
        }
        return blocks;
    }

    private static List<Block> split(String place, String yaml) {
        return Arrays.stream(DOCUMENT_END.split(yaml))
                .filter(part -> part.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                // For `howdah test`, not for a cluster.
                .filter(part -> part.lines().noneMatch("kind: PolicyTest"::equals))
                // For Argo CD and Flux, which no test has: GitOpsExamplesTest looks at them.
                .filter(part -> !GITOPS.matcher(part).find())
                .map(part -> new Block(place, part))
                .toList();
    }

    private static String name(Path file) {
        return SourceTree.REPOSITORY.relativize(file).toString();
    }
}
