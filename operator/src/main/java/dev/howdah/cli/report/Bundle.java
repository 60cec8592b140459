// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import dev.howdah.cli.world.CannotRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files of a report. Nothing gets in but through the redaction. */
final class Bundle {
    private final Redaction redaction;
    private final SortedMap<String, String> files = new TreeMap<>();

    Bundle(Redaction redaction) {
        this.redaction = redaction;
    }

    void add(String path, String text) {
        files.put(redaction.clean(path), redaction.clean(text));
    }

    /** Their names. */
    List<String> names() {
        return List.copyOf(files.keySet());
    }

    /** @throws CannotRun when it cannot be written, or something of that name is there */
    void write(Path file, Instant time) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (var entry : files.entrySet()) {
                var part = new ZipEntry(entry.getKey());
                part.setTimeLocal(time.atOffset(ZoneOffset.UTC).toLocalDateTime());
                zip.putNextEntry(part);
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (FileAlreadyExistsException e) {
            throw new CannotRun("%s is there already: name another file by --to".formatted(file));
        } catch (IOException e) {
            throw new CannotRun("%s cannot be written: %s".formatted(file, e.getMessage()));
        }
    }
}
