// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Samples by the names of their figures, such as {@code P7.100.cold}, and notes; kept in a file from one program to the next. */
public final class Measured {
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();

    public void add(String figure, double value) {
        samples.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
        System.out.printf("[bench] %s %s%n", figure, Samples.number(value));
    }

    public void note(String name, String text) {
        notes.put(name, text);
        System.out.printf("[bench] %s: %s%n", name, text);
    }

    public Optional<Samples> of(String figure) {
        return Optional.ofNullable(samples.get(figure)).map(Samples::new);
    }

    Optional<String> noted(String name) {
        return Optional.ofNullable(notes.get(name));
    }

    /** Whether there is any figure of this beginning. */
    boolean has(String prefix) {
        return samples.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    public void write(Path file) {
        var lines = new ArrayList<String>();
        notes.forEach((name, text) -> lines.add("#" + name + "=" + text));
        samples.forEach((name, values) -> lines.add(name + "=" + new Samples(values).line()));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that these files hold; one that is not there holds nothing. */
    static Measured read(List<Path> files) {
        var measured = new Measured();
        for (var file : files) {
            if (!Files.exists(file)) {
                continue;
            }
            try {
                for (var line : Files.readAllLines(file)) {
                    if (line.startsWith("#")) {
                        var end = line.indexOf('=');
                        measured.notes.put(line.substring(1, end), line.substring(end + 1));
                    } else {
                        // CountsIT separates by a space.
                        var parts = line.split("[= ]", 2);
                        measured.samples.put(parts[0], Samples.parse(parts[1]).values());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return measured;
    }
}
