// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this repository was like before, told by git. */
final class History {
    private final Path repository;

    private History(Path repository) {
        this.repository = repository;
    }

    /**
     * What is compared with.
     *
     * @param commit a tag or another name, empty where there is nothing
     * @param explanation in one line
     */
    record Base(Optional<String> commit, String explanation) {}

    static History of(Path repository) {
        return new History(repository);
    }

    /** The newest tag {@code v*} before this commit; one on it is this release itself. */
    Base lastRelease() {
        if (!isOurs()) {
            return nothing("this is no git checkout");
        }
        var tags = git(
                "-c",
                "versionsort.suffix=-",
                "tag",
                "--merged",
                "HEAD",
                "--no-contains",
                "HEAD",
                "--sort=-version:refname",
                "--list",
                "v*");
        if (!tags.isEmpty()) {
            return base(tags.getFirst());
        }
        return git("rev-parse", "--is-shallow-repository").contains("true")
                ? nothing("this clone is shallow: git fetch --unshallow --tags")
                : nothing("no version is tagged yet");
    }

    /** What was asked for by name. */
    Base base(String commit) {
        if (!knows(commit)) {
            throw new IllegalArgumentException("there is no commit \"" + commit + "\" here");
        }
        return new Base(Optional.of(commit), "crds: compared with " + commit);
    }

    private static Base nothing(String because) {
        return new Base(Optional.empty(), "crds: there is nothing to compare with, " + because);
    }

    boolean knows(String commit) {
        return isOurs() && run(List.of("cat-file", "-e", commit + "^{commit}")).isPresent();
    }

    /** A source archive may lie inside another repository. */
    private boolean isOurs() {
        try {
            var top = run(List.of("rev-parse", "--show-toplevel"));
            return top.isPresent() && Files.isSameFile(Path.of(top.get().strip()), repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CustomResourceDefinition> crds(String commit) {
        return texts(commit, "crds").stream()
                .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
                .toList();
    }

    List<String> files(String commit, String folder) {
        return git("ls-tree", "-r", "--name-only", commit, folder + "/");
    }

    /** The YAML files of a folder as they were. */
    List<String> texts(String commit, String folder) {
        return files(commit, folder).stream()
                .filter(file -> file.endsWith(".yaml"))
                .map(file -> file(commit, file))
                .toList();
    }

    String file(String commit, String file) {
        return run(List.of("show", commit + ":" + file)).orElseThrow();
    }

    private List<String> git(String... arguments) {
        return run(List.of(arguments)).orElse("").lines().toList();
    }

    /** Empty where it fails, or where there is no git. */
    private Optional<String> run(List<String> arguments) {
        var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(arguments);
        try {
            var git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
