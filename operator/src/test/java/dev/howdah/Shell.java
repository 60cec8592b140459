// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testenv.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Commands of a page in this folder, by somebody who may do everything in this cluster and has its kubectl. */
public record Shell(ControlPlane controlPlane, Path folder) {
    /** Each must succeed, and a variable must be set; returns what they said. */
    public String run(String commands) {
        var process = new ProcessBuilder("sh", "-euc", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        process.environment().put("KUBECONFIG", controlPlane.kubeconfig().toString());
        process.environment()
                .merge("PATH", controlPlane.kubectl().getParent().toString(), (path, kubectl) -> kubectl + ":" + path);
        try {
            var running = process.start();
            var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(running.waitFor()).as(said).isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
