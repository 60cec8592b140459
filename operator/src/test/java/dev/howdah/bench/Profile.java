// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A recording by Java's Flight Recorder in a running operator, and what it shows. */
public final class Profile {
    public static final List<String> VIEWS = List.of(
            "hot-methods",
            "cpu-load",
            "allocation-by-class",
            "allocation-by-site",
            "contention-by-site",
            "contention-by-class",
            "gc-pauses",
            "exception-by-site");

    private final Resident process;
    private final Path file;

    public Profile(Resident process, Path file) {
        this.process = process;
        this.file = file;
    }

    public void start() throws IOException, InterruptedException {
        process.jcmd("JFR.start", "name=burst", "settings=profile", "jdk.JavaExceptionThrow#enabled=true");
    }

    public void end() throws IOException, InterruptedException {
        process.jcmd("JFR.stop", "name=burst", "filename=" + file);
    }

    /** These views of {@code jfr view}, one below the other. */
    public String report(List<String> views) throws IOException, InterruptedException {
        var report = new StringBuilder();
        for (var view : views) {
            report.append(Resident.says(List.of(
                            Resident.tool("jfr"),
                            "view",
                            "--width",
                            "140",
                            "--cell-height",
                            "1",
                            view,
                            file.toString())))
                    .append('\n');
        }
        return report.toString();
    }
}
