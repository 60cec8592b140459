// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchdogIT {
    @TempDir
    private Path directory;

    @Test
    void endsProcessesAndRemovesDirectories() throws Exception {
        Path mine = Files.createDirectory(directory.resolve("a name  with blanks"));
        Files.writeString(mine.resolve("file"), "");
        Process process;
        try (var watchdog = Watchdog.start()) {
            watchdog.removes(mine);
            process = watchdog.start(List.of("sleep", "600"), Watchdog.Signal.TERM, directory.resolve("log"));
            assertTrue(process.isAlive());
        }
        assertTrue(process.waitFor(1, TimeUnit.SECONDS));
        assertFalse(Files.exists(mine));
    }

    @Test
    void killsWhatDoesNotHear() throws Exception {
        Process process;
        try (var watchdog = Watchdog.start()) {
            process = watchdog.start(
                    List.of("/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"),
                    Watchdog.Signal.TERM,
                    directory.resolve("log"));
            assertTrue(LiveProcesses.within(
                    java.time.Duration.ofSeconds(5),
                    () -> PrivateFiles.read(directory.resolve("log")).contains("deaf")));
        }
        assertTrue(process.waitFor(1, TimeUnit.SECONDS));
    }

    @Test
    void leavesAloneWhatItShallForget() throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            try (var watchdog = Watchdog.start()) {
                watchdog.ends(process, Watchdog.Signal.TERM);
                watchdog.forgets(process);
            }
            assertTrue(process.isAlive());
        } finally {
            process.destroyForcibly();
        }
    }
}
