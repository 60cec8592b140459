// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testenv.ControlPlane;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands of a page, as the administrator of a cluster runs them. */
public final class Shell {
    private Shell() {}

    /** Returns what was printed, both outputs together. Fails where a command does. */
    public static String run(ControlPlane controlPlane, String commands) throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-euc", commands).redirectErrorStream(true);
        process.environment().put("KUBECONFIG", controlPlane.kubeconfig().toString());
        process.environment()
                .merge("PATH", controlPlane.kubectl().getParent().toString(), (path, kubectl) -> kubectl + ":" + path);
        var running = process.start();
        var output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as(output).isZero();
        return output;
    }
}
