// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of the JDK and of this machine. */
final class Programs {
    private Programs() {}

    /** @throws UnavailableException with the end of what it wrote, where it fails */
    static String run(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Options for other programs must not get into what we make.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new UnavailableException(command.getFirst() + " failed: "
                        + text.substring(Math.max(0, text.length() - 2000)).strip());
            }
            return text;
        } catch (IOException e) {
            throw new UnavailableException(command.getFirst() + " cannot be run: " + UnavailableException.root(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }
}
