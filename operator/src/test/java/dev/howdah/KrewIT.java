// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.howdah.testenv.TestEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as krew installs it: put together, unpacked somewhere, linked to the PATH and used through kubectl. */
class KrewIT {
    @TempDir
    Path folder;

    /** What came of a program, both of its outputs together. */
    private record Outcome(int exit, String text) {}

    @Test
    void the_archive_is_a_plugin() throws Exception {
        var packed = run(
                Map.of("HOWDAH_PLUGIN_URL", "https://example.com/files"),
                root("plugins/package"),
                folder.resolve("made").toString());
        assertThat(packed.exit()).as(packed.text()).isZero();
        var archive = Path.of(packed.text().strip());
        var manifest = new YAMLMapper().readTree(Files.readString(folder.resolve("made/howdah.yaml")));
        var platform = manifest.at("/spec/platforms/0");
        assertThat(platform.get("uri").asText()).isEqualTo("https://example.com/files/" + archive.getFileName());
        assertThat(platform.get("sha256").asText()).isEqualTo(sha256(archive));
        assertThat(manifest.toString()).doesNotContain("@VERSION@", "@URL@", "@SHA256@");
        assertThat("v" + version(archive))
                .isEqualTo(manifest.at("/spec/version").asText());

        var store = Files.createDirectory(folder.resolve("store"));
        assertThat(run(Map.of(), "tar", "-xzf", archive.toString(), "-C", store.toString())
                        .exit())
                .isZero();
        var path = Files.createDirectory(folder.resolve("bin"));
        var bin = platform.get("bin").asText();
        Files.createSymbolicLink(path.resolve("kubectl-howdah"), store.resolve(bin));
        Files.createSymbolicLink(path.resolve("kubectl_complete-howdah"), store.resolve("kubectl_complete-howdah"));
        assertThat(store.resolve("LICENSE")).exists();

        assertThat(onPath(path, path.resolve("kubectl-howdah").toString(), "--version")
                        .text())
                .isEqualTo("howdah " + version(archive) + "\n");
        var kubectl = TestEnvironment.controlPlane().kubectl().toString();
        var offer = onPath(path, kubectl, "howdah", "offer", "-n", "shop", "-f", root("examples/policy-tests/objects"));
        assertThat(offer.exit()).as(offer.text()).isZero();
        assertThat(offer.text()).startsWith("What claims in namespace \"shop\" may ask for");
        assertThat(onPath(path, kubectl, "__complete", "howdah", "off").text()).contains("\noffer\n:4\n");
        assertThat(onPath(path, kubectl, "howdah", "bogus").exit())
                .as("kubectl passes it on")
                .isEqualTo(2);

        var old = old(path);
        assertThat(old.exit()).isEqualTo(2);
        assertThat(old.text()).isEqualTo("howdah: Java 25 or later is needed, found is 21: set JAVA_HOME to one\n");
    }

    private static String root(String path) {
        return SourceTree.REPOSITORY.resolve(path).toString();
    }

    private static String version(Path archive) {
        return archive.getFileName().toString().replaceFirst("kubectl-howdah-(.*)\\.tar\\.gz", "$1");
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** With a Java that is found first and is too old. */
    private Outcome old(Path path) throws IOException, InterruptedException {
        var home = Files.createDirectories(folder.resolve("jdk21/bin")).getParent();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.5\"\n");
        var java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return run(
                Map.of("JAVA_HOME", "/nowhere", "PATH", home.resolve("bin") + ":" + System.getenv("PATH")),
                path.resolve("kubectl-howdah").toString(),
                "--version");
    }

    private static Outcome onPath(Path path, String... command) throws IOException, InterruptedException {
        return run(
                Map.of(
                        "PATH",
                        path + ":" + System.getenv("PATH"),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "KUBECONFIG",
                        TestEnvironment.controlPlane().kubeconfig().toString()),
                command);
    }

    private static Outcome run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), text);
    }
}
