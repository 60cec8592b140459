// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server logs from some place on.
 *
 * @param start of it in the file, in bytes
 */
public record ServerLog(Path file, long start) {
    private static final String STATEMENT = "LOG:  statement: ";

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

    /** The messages with SQL in them, whole. */
    public List<String> statements() {
        var statements = new ArrayList<String>();
        var lines = text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var at = lines.get(i).indexOf(STATEMENT);
            if (at < 0) {
                continue;
            }
            var statement = new StringBuilder(lines.get(i).substring(at + STATEMENT.length()));
            while (i + 1 < lines.size() && lines.get(i + 1).startsWith("\t")) {
                statement.append('\n').append(lines.get(++i).substring(1));
            }
            statements.add(statement.toString());
        }
        return statements;
    }
}
