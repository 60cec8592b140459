// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import java.util.List;
import java.util.Optional;

/**
 * The commands in the documentation that {@link PagesIT} does not run: who does, or why nobody can. An entry is for the
 * block of that page that begins with those words.
 */
enum RunElsewhere {
    DEMO("README.md", "make demo ", "DemoIT", "demo(\"--once\")", "and `make test` is what runs this"),
    HELM("README.md", "helm upgrade --install", "chart.InstallIT", "page(\"README.md\")", "by Helm as a library"),
    RUN(
            "README.md",
            "kubectl apply --server-side --force-conflicts -f crds/",
            "RunIT",
            "contains(\"howdah is running\", \"howdah has stopped\")",
            "it does not end by itself"),
    INSTALL(
            "docs/install.md",
            "helm upgrade --install",
            "chart.InstallIT",
            "page(\"docs/install.md\")",
            "by Helm as a library"),
    IMAGE(
            "docs/install.md",
            "make image",
            "ImageIT",
            "image(\"--base=tar://\" + base",
            "by the same builder, on a base that needs no registry"),
    IN_THE_IMAGE(
            "docs/install.md",
            "kubectl -n howdah-system exec",
            "ImageIT",
            "Stream.of(\"--version\")",
            "no kubelet is here to exec; the command in it runs in the unpacked image"),
    E2E("docs/install.md", "make e2e", "e2e.Place", "case \"builtin\"", "it is a suite of its own"),
    E2E_GIVEN(
            "docs/install.md",
            "KUBECONFIG=... make e2e",
            "e2e.Place",
            "case \"cluster\"",
            "it takes a cluster of yours"),
    UPGRADE(
            "docs/upgrade.md",
            "helm upgrade howdah",
            "chart.InstallIT",
            "page(\"docs/upgrade.md\")",
            "by Helm as a library"),
    UPGRADE_CRDS(
            "docs/upgrade.md",
            "kubectl apply --server-side --force-conflicts -f crds/",
            "PagesIT",
            "shell(\"kubectl apply --server-side --force-conflicts -f crds/\")",
            "no page that is followed begins with it"),
    UNINSTALL(
            "docs/uninstall.md",
            "helm uninstall howdah",
            "chart.InstallIT",
            "page(\"docs/uninstall.md\")",
            "by Helm as a library"),
    KREW("docs/cli.md", "make plugin", "KrewIT", "plugins/package", "krew itself is not on every machine"),
    COMPLETION(
            "docs/cli.md",
            "source <(./howdah completion bash)",
            "cli.CompletionTest",
            "isEqualTo(\"connect\")",
            "it is bash's and zsh's own");

    private final String page;
    private final String words;
    private final String test;
    private final String evidence;

    /** For whoever reads the list. */
    private final String why;

    RunElsewhere(String page, String words, String test, String evidence, String why) {
        this.page = page;
        this.words = words;
        this.test = test;
        this.evidence = evidence;
        this.why = why;
    }

    boolean isFor(String name, Markdown.Block block) {
        return page.equals(name) && block.text().startsWith(words);
    }

    static Optional<RunElsewhere> of(String name, Markdown.Block block) {
        return List.of(values()).stream()
                .filter(entry -> entry.isFor(name, block))
                .findFirst();
    }

    String test() {
        return test;
    }

    /** What stands in the test where it does so. */
    String evidence() {
        return evidence;
    }

    @Override
    public String toString() {
        return page + ": " + words + " (" + test + ", " + why + ")";
    }
}
