// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server logs from some place on.
 *
 * @param start of it in the file, in bytes
 */
public record ServerLog(Path file, long start) {
    /** From now on. */
    public static ServerLog from(TestPostgres postgres) {
        return new ServerLog(postgres.logFile(), postgres.logFile().toFile().length());
    }

    public String text() {
        try (var log = Files.newInputStream(file)) {
            log.skipNBytes(start);
            return new String(log.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
