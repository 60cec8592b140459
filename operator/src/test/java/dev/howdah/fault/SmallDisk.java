// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A file system of its own for one server's data, small enough to fill. Needs the right to mount; without it there is none. */
final class SmallDisk implements AutoCloseable {
    private static final int MEGABYTES = 400;
    private static final int BLOCK = 64 * 1024;

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /** {@code null} where this user may not mount. */
    static @org.jspecify.annotations.Nullable SmallDisk mount() {
        try {
            var directory = Files.createTempDirectory("howdah-disk-");
            var mounted =
                    run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "howdah-test", directory.toString());
            if (mounted != 0) {
                Files.delete(directory);
                return null;
            }
            Files.setPosixFilePermissions(
                    directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
            return new SmallDisk(directory);
        } catch (IOException e) {
            return null;
        }
    }

    Path path() {
        return mount;
    }

    /** Leaves less room than a database takes. */
    void fill(Random random) {
        var block = new byte[BLOCK];
        try (var out = Files.newOutputStream(mount.resolve("ballast"))) {
            long keep = random.nextInt(3 * 1024 * 1024);
            while (Files.getFileStore(mount).getUsableSpace() > keep) {
                out.write(block);
            }
        } catch (IOException e) {
            // Full.
        }
    }

    void empty() {
        try {
            Files.deleteIfExists(mount.resolve("ballast"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    @Override
    public void close() {
        try {
            if (run("umount", mount.toString()) == 0) {
                Files.delete(mount);
            }
        } catch (IOException e) {
            // It stays, empty, in the folder for temporary files.
        }
    }
}
