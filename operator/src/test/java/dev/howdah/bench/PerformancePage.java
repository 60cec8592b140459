// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The generated part of {@code docs/performance.md}, made of what {@code CountsIT}, {@code BenchIT} and
 * {@code PolicyBenchmark} have left. Also printed. Ends with 1 when a count is missing or above its goal: counts have no
 * noise. A time that is not as wished is only told.
 */
public final class PerformancePage {
    static final String BEGIN = "<!-- bench: written by make bench -->";
    static final String END = "<!-- bench: end -->";
    static final String PEERS = """
            P8, 100, 300 and 1,000 claims ÷ the best peer (goal at most 0.8, 0.6 and 0.6), was **not run here**: no peer is part
            of this repository. Recorded of the best of five peers, on 2 cores, on another day and beside other work, with PostgreSQL 15
            and an API server as here, are 7.2 s for 100 claims and 32.6 s for 300. Seconds of two days make no ratio, so none is given.
            The ratio of P11 to a peer written in Go was not run either.""";

    private static final List<Integer> SIZES = List.of(100, 300);

    private final Measured measured;

    PerformancePage(Measured measured) {
        this.measured = measured;
    }

    /** The page, then the files with results. */
    public static void main(String[] arguments) throws IOException {
        var files = Stream.of(arguments).map(Path::of).toList();
        var page = new PerformancePage(Measured.read(files.subList(1, files.size())));
        var section = page.section(LocalDate.now(java.time.ZoneOffset.UTC));
        System.out.println(section);
        Files.writeString(files.getFirst(), placed(Files.readString(files.getFirst()), section));
        System.exit(page.countsAreMet() ? 0 : 1);
    }

    /** The page with this section between its markers. */
    static String placed(String page, String section) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "the page has no lines \"" + BEGIN + "\" and \"" + END + "\": put them where the figures belong");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n" + section + "\n" + page.substring(end);
    }

    String section(LocalDate day) {
        var lines = new ArrayList<String>();
        lines.add("%s, %s. %s claims, %s blocks. PostgreSQL: %s."
                .formatted(day, noted("machine"), noted("size"), noted("blocks"), noted("settings")));
        lines.add(
                "Load average before the run %s, at its end %s: what there was before it is other work on the machine."
                        .formatted(noted("load before"), noted("load after")));
        lines.add("");
        lines.add("| | figure | goal | median | least to most | n | |");
        lines.add("|---|---|---|---|---|---|---|");
        Stream.of(counts(), bursts(), others(), policies())
                .flatMap(List::stream)
                .map(Figure::row)
                .forEach(lines::add);
        lines.add("");
        lines.add(PEERS);
        return String.join("\n", lines);
    }

    boolean countsAreMet() {
        return counts().stream().allMatch(Figure::met);
    }

    private String noted(String name) {
        return measured.noted(name).orElse("(" + name + " unknown)");
    }

    private List<Figure> counts() {
        return List.of(
                count("P1", "SQL round trips of a new claim until it is ready", 7),
                count("P2", "connections of a new claim", 2),
                count("P3", "API writes of a new claim until it is ready", 3),
                count("P4", "SQL of a claim as agreed, an hour", 0.2),
                count("P5", "writes of a restart, API and SQL together", 0),
                count("P6", "connections held on a server", 4));
    }

    private Figure count(String id, String what, double goal) {
        return Figure.judged(id, what, "", goal, measured.of(id));
    }

    private List<Figure> bursts() {
        var figures = new ArrayList<Figure>();
        sizes().forEach(size -> {
            for (var process : List.of("cold", "warm")) {
                var key = "P7.%d.%s".formatted(size, process);
                figures.add(Figure.judged(
                        "P7",
                        "%d claims at once ÷ script, %s"
                                .formatted(size, process.equals("cold") ? "new process" : "same process again"),
                        "",
                        2,
                        measured.of(key)));
                figures.add(Figure.told("their time", "s", measured.of(key + ".seconds")));
                figures.add(Figure.told("processor time of the operator for 1,000", "s", measured.of(key + ".cpu")));
            }
            figures.add(Figure.told("time of the script", "s", measured.of("P7." + size + ".floor.seconds")));
        });
        return figures;
    }

    private List<Integer> sizes() {
        var asked = measured.noted("size").map(Integer::valueOf);
        return Stream.concat(SIZES.stream(), asked.stream())
                .distinct()
                .filter(size -> measured.has("P7." + size + "."))
                .sorted()
                .toList();
    }

    private List<Figure> others() {
        var size = noted("size");
        return List.of(
                Figure.judged("P9", "one new claim among %s ÷ among none".formatted(size), "", 1.2, measured.of("P9")),
                Figure.told("its time among none", "s", measured.of("P9.none")),
                Figure.told("its time among %s".formatted(size), "s", measured.of("P9.standing")),
                Figure.judged("P10", "resident memory for 1,000 further claims", "MiB", 10, measured.of("P10")),
                Figure.told("resident with %s claims".formatted(size), "MiB", measured.of("P10.once.rss")),
                Figure.told("resident with twice as many", "MiB", measured.of("P10.twice.rss")),
                Figure.told("objects in use with %s claims".formatted(size), "MiB", measured.of("P10.once.live")),
                Figure.told("objects in use with twice as many", "MiB", measured.of("P10.twice.live")),
                Figure.judged("P11", "process start to first claim ready, AOT cache", "s", 2, measured.of("P11")),
                Figure.told("its processor time", "s", measured.of("P11.cpu")),
                Figure.told("the same from the jar, without a cache", "s", measured.of("P11.jar")),
                Figure.told("its processor time", "s", measured.of("P11.jar.cpu")));
    }

    private List<Figure> policies() {
        var figures = new ArrayList<Figure>();
        for (var claim : List.of("newClaim", "boundClaim")) {
            for (var matching : List.of("0", "10", "50", "100")) {
                var all = matching.equals("100");
                var what = "one %s claim against 100 policies, %s match"
                        .formatted(claim.equals("newClaim") ? "new" : "bound", matching);
                var samples = measured.of("P12.%s.%s".formatted(claim, matching));
                figures.add(all ? Figure.judged("P12", what, "µs", 100, samples) : Figure.told(what, "µs", samples));
            }
        }
        return figures;
    }
}
