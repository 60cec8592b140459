// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a PostgreSQL server leaves behind that was killed and not started again. */
final class KilledServer {
    private KilledServer() {}

    /** The lock file's seventh line names the segment's key and id; a server that ended well has no lock file. */
    static void removeSharedMemory(Path data) {
        Path lock = data.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        var lines = PrivateFiles.read(lock).lines().toList();
        if (lines.size() < 7) {
            return;
        }
        String[] segment = lines.get(6).strip().split("\\s+", -1);
        if (segment.length < 2) {
            return;
        }
        try {
            // It may be gone already, which ipcrm calls an error.
            new ProcessBuilder("ipcrm", "-m", segment[1])
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
