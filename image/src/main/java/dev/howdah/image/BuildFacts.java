// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Properties;

/**
 * What the build says about itself.
 *
 * @param version the chart's appVersion, too
 * @param timestamp of every file of ours in the image, so that two builds are alike
 * @param base the image below, pinned by digest
 */
record BuildFacts(String version, Instant timestamp, String base) {
    static BuildFacts read() {
        var properties = new Properties();
        try (var in = Objects.requireNonNull(BuildFacts.class.getResourceAsStream("build.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildFacts(
                properties.getProperty("version"),
                Instant.parse(properties.getProperty("timestamp")),
                properties.getProperty("base"));
    }
}
