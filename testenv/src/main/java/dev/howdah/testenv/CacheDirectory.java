// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What costs minutes or seconds to make and is the same for everyone: the control plane's binary and the unpacked
 * PostgreSQL servers, each in a folder named by the hash of what it was made of.
 */
record CacheDirectory(Path root) {
    /** Makes the content of a folder that will appear in the cache as a whole or not at all. */
    @FunctionalInterface
    interface Filler {
        void fill(Path folder) throws IOException;
    }

    static CacheDirectory of(Map<String, String> environment, Path home) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
        return new CacheDirectory(base.resolve("howdah").resolve("testenv"));
    }

    static CacheDirectory ofThisUser() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** The folder's place, whether it is there or not. */
    Path folder(String name) {
        return root.resolve(name);
    }

    /** The folder, filled first when it is not there; two processes never fill the same one twice. */
    Path filled(String name, Progress progress, Filler filler) {
        Path folder = folder(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(root);
            Path lockFile = root.resolve(name + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, name, progress)) {
                if (!Files.isDirectory(folder)) {
                    fill(folder, filler);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UnavailableException(
                    "The cache folder " + folder + " cannot be made: " + e.getMessage()
                            + ". Free some space there, or set XDG_CACHE_HOME to another folder.",
                    e);
        }
    }

    private void fill(Path folder, Filler filler) throws IOException {
        Path partial = Files.createTempDirectory(root, "partial-");
        try (var watchdog = Watchdog.start()) {
            watchdog.removes(partial);
            filler.fill(partial);
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static FileLock lock(FileChannel channel, String name, Progress progress) throws IOException {
        boolean said = false;
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            if (!said) {
                progress.line("waiting for another process that makes " + name);
                said = true;
            }
            Pause.millis(300);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Another thread or class loader of this same JVM has it.
            return null;
        }
    }
}
