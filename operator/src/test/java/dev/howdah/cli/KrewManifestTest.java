// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** {@code plugins/howdah.yaml} is what krew's index takes: its own checks, as far as they need no network. */
class KrewManifestTest {
    @Test
    void is_as_krew_wants_it() throws IOException {
        var manifest = new YAMLMapper()
                .readTree(Files.readString(Terminal.REPOSITORY.resolve("plugins/howdah.yaml"))
                        .replace("@VERSION@", "0.1.0"));
        assertThat(manifest.at("/apiVersion").asText()).isEqualTo("krew.googlecontainertools.github.com/v1alpha2");
        assertThat(manifest.at("/kind").asText()).isEqualTo("Plugin");
        assertThat(manifest.at("/metadata/name").asText()).isEqualTo("howdah").matches("[a-z][a-z0-9-]*");
        var spec = manifest.get("spec");
        assertThat(spec.fieldNames())
                .toIterable()
                .isSubsetOf("version", "homepage", "shortDescription", "description", "caveats", "platforms");
        assertThat(spec.get("version").asText()).matches("v\\d+\\.\\d+\\.\\d+");
        assertThat(spec.get("shortDescription").asText())
                .hasSizeLessThanOrEqualTo(50)
                .doesNotContain("\n");
        assertThat(spec.get("homepage").asText()).startsWith("https://");
        assertThat(spec.get("platforms")).isNotEmpty().allSatisfy(KrewManifestTest::platform);
    }

    private static void platform(JsonNode platform) {
        assertThat(platform.get("uri").asText()).endsWith(".tar.gz");
        assertThat(platform.get("sha256").asText()).isNotBlank();
        assertThat(platform.get("files")).isNotEmpty();
        assertThat(platform.at("/selector/matchExpressions/0/key").asText()).isEqualTo("os");
        assertThat(Terminal.REPOSITORY
                        .resolve("plugins")
                        .resolve(platform.get("bin").asText()))
                .isExecutable();
    }
}
