// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import dev.howdah.testenv.Progress;
import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./howdah image}, which is {@code make image}: the operator's image as a file, and pushed where that is asked for. */
public final class Image {
    private final Path repository;
    private final Request request;
    private final BuildFacts facts;
    private final Progress progress;

    private Image(Path repository, Request request, BuildFacts facts, Progress progress) {
        this.repository = repository;
        this.request = request;
        this.facts = facts;
        this.progress = progress;
    }

    /** Ends with 2 where it was asked wrongly, with 1 where something is missing, each told in one line. */
    public static void main(String[] arguments) {
        var repository = Path.of(System.getProperty("howdah.root"));
        try {
            var request = Request.of(List.of(arguments), repository.resolve("target"));
            new Image(repository, request, BuildFacts.read(), text -> System.err.println("[image] " + text)).build();
        } catch (IllegalArgumentException e) {
            System.err.println("image: " + e.getMessage());
            System.err.println(Request.USAGE);
            System.exit(2);
        } catch (UnavailableException e) {
            System.err.println("image: " + e.getMessage());
            System.exit(1);
        } catch (UncheckedIOException e) {
            System.err.println("image: " + UnavailableException.root(e));
            System.exit(1);
        } catch (RuntimeException e) {
            // A bug; without an exit, Jib's threads would keep the process.
            e.printStackTrace();
            System.exit(1);
        }
        // Jib leaves threads behind.
        System.exit(0);
    }

    private void build() {
        var base = request.base().orElse(facts.base());
        var runtime = JavaRuntime.ofThisJvm();
        var work = request.out().resolve("image");
        var layout = new Layout(work.resolve("root"));
        var containers = new Containers(base, layout, facts, work.resolve("cache"));
        var push = request.push().map(Containers::mustBeAName);
        containers.fetchBase(work.resolve("base.tar"));

        layout.clear();
        runtime.copyTo(layout.java());
        if (request.base().isEmpty()) {
            JavaRuntime.mustNeedOnlyGlibc(layout.java());
        }
        layout.fill(repository.resolve("operator/target/quarkus-app"), repository.resolve("LICENSE"));
        Sbom.write(repository.resolve("operator/target/howdah.cdx.json"), runtime, base, layout.at(Layout.SBOM));
        layout.date(facts.timestamp());
        progress.line("Java " + runtime.version() + "; now the operator is run to make its start cache");
        var training = new Training(layout, repository.resolve("crds"), progress);
        training.makeCache();
        training.mustBeTaken();

        var name = "howdah:" + facts.version();
        var labels = labels(base);
        var tarball = request.out().resolve("howdah-image.tar");
        containers.write(tarball, name, labels);
        var sbom = request.out().resolve("howdah-image.cdx.json");
        copy(layout.at(Layout.SBOM), sbom);
        System.out.println(tarball + "   # " + name + ", linux/" + JavaRuntime.architecture());
        System.out.println(sbom);
        push.ifPresent(to -> System.out.println(to + "@" + containers.push(to, labels)));
    }

    private Map<String, String> labels(String base) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("org.opencontainers.image.title", "howdah");
        labels.put("org.opencontainers.image.description", "Self-service PostgreSQL for Kubernetes, with guardrails");
        labels.put("org.opencontainers.image.version", facts.version());
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        labels.put("org.opencontainers.image.created", facts.timestamp().toString());
        int digest = base.indexOf('@');
        if (digest >= 0) {
            labels.put("org.opencontainers.image.base.name", base.substring(0, digest));
            labels.put("org.opencontainers.image.base.digest", base.substring(digest + 1));
        }
        revision(labels);
        return labels;
    }

    /** An archive of the sources has no revision. */
    private void revision(Map<String, String> labels) {
        try {
            labels.put(
                    "org.opencontainers.image.revision",
                    Programs.run(List.of(
                                    "git",
                                    "-C",
                                    repository.toString(),
                                    "describe",
                                    "--always",
                                    "--dirty",
                                    "--abbrev=40",
                                    "--exclude=*"))
                            .strip());
        } catch (UnavailableException _) {
            progress.line("this is no git checkout, so the image names no revision");
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.writeString(to, Files.readString(from));
        } catch (IOException e) {
            throw new UnavailableException(to + " cannot be written: " + e.getMessage(), e);
        }
    }
}
