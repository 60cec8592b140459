// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.SourceTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make e2e} decides and in which order, on a copy of the script whose Docker, kind and Maven only say that they ran. */
class E2EScriptIT {
    @TempDir
    Path root;

    private Path bin;

    private record Outcome(int exit, String said) {}

    @BeforeEach
    void copy() throws IOException {
        var script = root.resolve("tests/e2e/run");
        Files.createDirectories(script.getParent());
        Files.copy(SourceTree.REPOSITORY.resolve("tests/e2e/run"), script);
        script.toFile().setExecutable(true);
        bin = Files.createDirectory(root.resolve("bin"));
        for (var tool : List.of("dirname", "grep", "mkdir", "touch")) {
            program(tool, "PATH=/usr/bin:/bin exec %s \"$@\"".formatted(tool));
        }
        program("kubectl", "");
        program("mvnw", "echo suite \"$@\"");
        program("kind", "[ \"$1\" = version ] && echo 'kind v0.31.0 go' || echo kind \"$@\"");
        program("make", "echo make \"$@\"; touch target/howdah-image.tar");
    }

    private void program(String name, String does) throws IOException {
        var file = bin.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    }

    private Outcome run(Map<String, String> environment) throws Exception {
        var process = new ProcessBuilder(root.resolve("tests/e2e/run").toString()).redirectErrorStream(true);
        process.environment().keySet().removeAll(List.of("E2E", "KUBECONFIG", "VALUES", "MAKE"));
        process.environment().put("PATH", bin.toString());
        process.environment().put("MVNW", "mvnw");
        process.environment().putAll(environment);
        var running = process.start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(running.waitFor(), said);
    }

    @Test
    void without_docker_it_says_so_and_how() throws Exception {
        program("docker", "exit 1");
        var outcome = run(Map.of());
        assertThat(outcome.said())
                .contains("no Docker daemon answers", "KUBECONFIG=... make e2e E2E=cluster", "-Dhowdah.e2e=builtin");
        assertThat(outcome.exit()).isZero();
        assertThat(run(Map.of("E2E", "kind")))
                .isEqualTo(new Outcome(2, "e2e: E2E=kind needs a Docker daemon, and none answers\n"));
    }

    @Test
    void with_docker_the_cluster_is_made_and_goes_whatever_becomes_of_the_suite() throws Exception {
        program("docker", "exit 0");
        assertThat(run(Map.of()).said())
                .containsSubsequence(
                        "make image",
                        "kind create cluster --name howdah-e2e --image kindest/node:v",
                        "@sha256:",
                        "kind load image-archive target/howdah-image.tar --name howdah-e2e",
                        "suite -B",
                        "-Dhowdah.e2e=cluster -Dhowdah.e2e.values=",
                        "kind delete cluster --name howdah-e2e");
        assertThat(root.resolve("target/e2e/values.yaml")).hasContent("image: {pullPolicy: Never}");
        program("mvnw", "exit 7");
        var failed = run(Map.of());
        assertThat(failed.exit()).isEqualTo(7);
        assertThat(failed.said()).contains("kind delete cluster --name howdah-e2e");
    }

    @Test
    void a_cluster_that_somebody_has_is_left_alone() throws Exception {
        program("docker", "exit 0");
        program("kind", "[ \"$1\" = version ] && echo 'kind v0.31.0 go' || echo howdah-e2e");
        var outcome = run(Map.of());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.said())
                .contains("there is a Kind cluster howdah-e2e already")
                .doesNotContain("suite");
    }

    @Test
    void without_kubectl_nothing_is_made() throws Exception {
        program("docker", "exit 0");
        Files.delete(bin.resolve("kubectl"));
        var missing = new Outcome(2, "e2e: kubectl is not on PATH: install it\n");
        assertThat(run(Map.of("E2E", "kind"))).isEqualTo(missing);
        var kubeconfig = Files.writeString(root.resolve("kubeconfig"), "");
        assertThat(run(Map.of("E2E", "cluster", "KUBECONFIG", kubeconfig.toString())))
                .isEqualTo(missing);
        assertThat(run(Map.of("E2E", "builtin")).said()).contains("suite -B");
    }

    @Test
    void a_given_cluster_must_be_given() throws Exception {
        assertThat(run(Map.of("E2E", "cluster")).said()).contains("E2E=cluster needs KUBECONFIG");
        assertThat(run(Map.of("E2E", "somewhere")).said())
                .contains("must be kind, cluster or builtin, and is somewhere");
        var kubeconfig = Files.writeString(root.resolve("kubeconfig"), "");
        assertThat(run(Map.of("E2E", "cluster", "KUBECONFIG", kubeconfig.toString()))
                        .said())
                .contains("suite -B", "-Dhowdah.e2e=cluster");
        var missing = run(Map.of("E2E", "cluster", "KUBECONFIG", kubeconfig.toString(), "VALUES", "nowhere.yaml"));
        assertThat(missing)
                .isEqualTo(new Outcome(
                        2, "e2e: VALUES must be a readable file with values of the chart, and is nowhere.yaml\n"));
    }
}
