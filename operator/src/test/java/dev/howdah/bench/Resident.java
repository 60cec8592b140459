// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import dev.howdah.testenv.OperatorProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What the operating system and {@code jcmd} say about an operator process. */
public record Resident(OperatorProcess process) {
    private static final Pattern USED = Pattern.compile("(?m)^\\s*Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final double KIB_OF_A_MIB = 1024.0;

    /** Resident memory after a full collection, in MiB. */
    public double collectedMib() throws IOException, InterruptedException {
        jcmd("GC.run");
        return Double.parseDouble(residentKib()) / KIB_OF_A_MIB;
    }

    private String residentKib() throws IOException, InterruptedException {
        var status = Path.of("/proc", pid(), "status");
        if (!Files.exists(status)) {
            return says(List.of("ps", "-o", "rss=", "-p", pid())).strip();
        }
        var resident = RESIDENT.matcher(Files.readString(status));
        if (!resident.find()) {
            throw new IllegalStateException(status + " has no VmRSS");
        }
        return resident.group(1);
    }

    /** Objects in use, in MiB. */
    public double liveMib() throws IOException, InterruptedException {
        var histogram = USED.matcher(jcmd("GC.class_histogram"));
        if (!histogram.find()) {
            throw new IllegalStateException("jcmd GC.class_histogram has no total");
        }
        return Long.parseLong(histogram.group(1)) / KIB_OF_A_MIB / KIB_OF_A_MIB;
    }

    /** Processor time since its start. */
    public Duration processor() {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow();
    }

    public String jcmd(String... command) throws IOException, InterruptedException {
        var all = new java.util.ArrayList<>(List.of(tool("jcmd"), pid()));
        all.addAll(List.of(command));
        return says(all);
    }

    private String pid() {
        return Long.toString(process.pid());
    }

    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    static String says(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getFirst() + " failed: " + output);
        }
        return output;
    }
}
