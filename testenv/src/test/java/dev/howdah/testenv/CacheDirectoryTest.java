// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheDirectoryTest {
    private static final Progress SILENT = _ -> {};

    @Test
    void itIsWhereTheXdgVariableSaysElseInTheHome() {
        var home = Path.of("/home/somebody");
        assertEquals(
                Path.of("/home/somebody/.cache/howdah/testenv"),
                CacheDirectory.of(Map.of(), home).root());
        assertEquals(
                Path.of("/x/howdah/testenv"),
                CacheDirectory.of(Map.of("XDG_CACHE_HOME", "/x"), home).root());
    }

    @Test
    void aFolderIsFilledOnceByManyAtOnce(@TempDir Path root) throws IOException {
        var cache = new CacheDirectory(root);
        var fillings = new AtomicInteger();
        CacheDirectory.Filler filler = folder -> {
            fillings.incrementAndGet();
            Pause.millis(100);
            Files.writeString(folder.resolve("file"), "content");
        };
        var first = CompletableFuture.supplyAsync(() -> cache.filled("thing", SILENT, filler));
        var second = CompletableFuture.supplyAsync(() -> cache.filled("thing", SILENT, filler));
        assertEquals(root.resolve("thing"), first.join());
        assertEquals(root.resolve("thing"), second.join());
        assertEquals(1, fillings.get());
        assertEquals("content", Files.readString(root.resolve("thing").resolve("file")));
    }

    @Test
    void aFailedFillingLeavesNothingAndIsTriedAgain(@TempDir Path root) throws IOException {
        var cache = new CacheDirectory(root);
        assertThrows(
                UnavailableException.class,
                () -> cache.filled("thing", SILENT, folder -> {
                    Files.writeString(folder.resolve("half"), "");
                    throw new IOException("no space");
                }));
        try (var left = Files.list(root)) {
            assertTrue(left.noneMatch(Files::isDirectory));
        }
        assertEquals(root.resolve("thing"), cache.filled("thing", SILENT, _ -> {}));
    }
}
