// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.bench.Burst;
import dev.howdah.bench.Launch;
import dev.howdah.bench.Measured;
import dev.howdah.bench.Profile;
import dev.howdah.bench.Resident;
import dev.howdah.testenv.OperatorProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Times and memory of the packaged operator, and of a script that sends the same SQL to the same server. Nothing fails for
 * being slow; what fails is a claim that is not served, or a login that does not work. {@code make bench} runs it with
 * {@code howdah.bench.size} claims and {@code howdah.bench.blocks} blocks and writes the page; {@code make test} runs it
 * with few, so that it does not rot.
 */
class BenchIT {
    /** Nobody asked for figures: each thing is done once, so that it is seen to work. */
    private static final boolean SHORT = Integer.getInteger("howdah.bench.size") == null;

    private static final int SIZE = Integer.getInteger("howdah.bench.size", 5);
    private static final int BLOCKS = Integer.getInteger("howdah.bench.blocks", 1);
    private static final boolean AOT = Boolean.getBoolean("howdah.bench.aot");
    private static final boolean PROFILE_ONLY = Boolean.getBoolean("howdah.bench.profile");
    private static final String BEFORE = System.getProperty("howdah.bench.before", "");
    private static final Path RESULTS = SourceTree.MODULE.resolve("target/bench");
    /** What fewer claims take in memory or time is less than what one process takes more than the next. */
    private static final int WORTH_WEIGHING = 300;

    private static final double NANOS = 1e9;

    private final Launch launch = new Launch(InstalledCluster.JAR);
    private final Measured measured = new Measured();

    @Test
    void bench() throws Exception {
        Files.createDirectories(RESULTS);
        if (PROFILE_ONLY) {
            try (var site = new BenchSite()) {
                profile(site);
            }
            return;
        }
        if (!BEFORE.isEmpty()) {
            try (var site = new BenchSite()) {
                compare(site, new Launch(Path.of(BEFORE)));
            }
            measured.write(RESULTS.resolve("compared.txt"));
            return;
        }
        measured.note("size", String.valueOf(SIZE));
        measured.note("blocks", String.valueOf(BLOCKS));
        measured.note("load before", load());
        if (SHORT) {
            once();
        } else {
            all();
        }
        measured.note("load after", load());
        measured.write(RESULTS.resolve("times.txt"));
        for (var figure :
                List.of("P7." + SIZE + ".cold", "P7." + SIZE + ".warm", "P9.standing", "P10.twice.rss", "P11")) {
            assertThat(measured.of(figure)).as(figure).isPresent();
        }
    }

    /** One process and one cluster, as far as it goes: nothing here can be compared. */
    private void once() throws Exception {
        try (var site = new BenchSite()) {
            describe(site);
            start(site, "P11", launch.classPath());
            try (var operator = site.operator(launch.jar())) {
                block(site, operator, "P7." + SIZE, SIZE);
                single(site, site);
                memory(operator, "P10.once");
                profile(site, operator, Profile.VIEWS.subList(0, 1));
                memory(operator, "P10.twice");
                assertThat(site.secretReads()).isPositive();
                operator.terminate();
            }
        }
    }

    private void all() throws Exception {
        try (var many = new BenchSite();
                var none = new BenchSite()) {
            describe(many);
            starts(none);
            measured.write(RESULTS.resolve("part.txt"));
            try (var alone = none.operator(launch.jar())) {
                bursts(many);
                standing(many, none);
                alone.terminate();
            }
        }
    }

    private void describe(BenchSite site) throws Exception {
        measured.note(
                "machine",
                "%d cores (%s), JDK %s, PostgreSQL %s, Kubernetes %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("os.arch"),
                                Runtime.version(),
                                site.setting("server_version"),
                                site.kubernetes()));
        var settings = new StringBuilder();
        for (var name :
                List.of("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "ssl")) {
            settings.append(settings.isEmpty() ? "" : ", ")
                    .append(name)
                    .append('=')
                    .append(site.setting(name));
        }
        measured.note("settings", settings.toString());
    }

    private static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** P11: process start until a claim that waits for it is ready; with and without an AOT cache, in ABBA blocks. */
    private void starts(BenchSite site) throws Exception {
        var cached = cached(site);
        for (int block = 0; block < BLOCKS; block++) {
            start(site, "P11", cached);
            start(site, "P11.jar", launch.jar());
            if (BLOCKS > 1) {
                start(site, "P11.jar", launch.jar());
                start(site, "P11", cached);
            }
        }
    }

    /** Making a cache takes long, so that a short run does without. */
    private List<String> cached(BenchSite site) throws Exception {
        if (!AOT) {
            return launch.classPath();
        }
        var cache = RESULTS.resolve("run.aot");
        try (var training = site.operator(launch.training(cache))) {
            site.single();
            // It writes down what it noted.
            training.terminate(BenchSite.PATIENCE);
        }
        return launch.cached(cache);
    }

    private void start(BenchSite site, String figure, List<String> java) throws Exception {
        site.freeLease();
        try (var waiting = site.waiting()) {
            long begin = System.nanoTime();
            try (var operator = site.launch(java)) {
                measured.add(figure, (waiting.ready() - begin) / NANOS);
                measured.add(figure + ".cpu", new Resident(operator).processor().toNanos() / NANOS);
                operator.terminate();
            }
        }
    }

    /** P7: in each block the script, a new process, the same process again, and the script. */
    private void bursts(BenchSite site) throws Exception {
        var sizes = new TreeSet<Integer>(List.of(SIZE));
        List.of(100, 300).stream().filter(size -> size < SIZE).forEach(sizes::add);
        for (int size : sizes) {
            for (int block = 0; block < BLOCKS; block++) {
                try (var operator = site.operator(launch.jar())) {
                    block(site, operator, "P7." + size, size);
                    operator.terminate();
                }
                // A long run that is cut off leaves what it has.
                measured.write(RESULTS.resolve("part.txt"));
            }
        }
    }

    private void block(BenchSite site, OperatorProcess operator, String figure, int size) throws Exception {
        var floor = site.floor();
        measured.note("messages", String.valueOf(floor.messages()));
        var first = floor(site, floor, size);
        var cold = burst(site, operator, figure + ".cold", size);
        var warm = burst(site, operator, figure + ".warm", size);
        var last = floor(site, floor, size);
        measured.add(figure + ".floor.seconds", first);
        measured.add(figure + ".floor.seconds", last);
        measured.add(figure + ".cold", cold / ((first + last) / 2));
        measured.add(figure + ".warm", warm / ((first + last) / 2));
    }

    private static double floor(BenchSite site, dev.howdah.bench.Floor floor, int size) throws Exception {
        var names = site.names(size);
        var took = floor.run(names);
        floor.clear(names);
        return took.toNanos() / NANOS;
    }

    private double burst(BenchSite site, OperatorProcess operator, String figure, int size) throws Exception {
        var process = new Resident(operator);
        var before = process.processor();
        var seconds = site.burst(site.names(size)).toNanos() / NANOS;
        measured.add(figure + ".seconds", seconds);
        measured.add(figure + ".cpu", process.processor().minus(before).toNanos() / NANOS / size * 1000);
        site.clear();
        return seconds;
    }

    /** P9 and P10: with as many claims as were asked for standing, then with twice as many; and a profile of how they came. */
    private void standing(BenchSite many, BenchSite none) throws Exception {
        try (var operator = many.operator(launch.jar())) {
            many.burst(many.names(SIZE));
            BenchSite.awaitQuiet(operator);
            // Both processes have done the same: one that has served many has faster code.
            none.burst(none.names(SIZE));
            none.clear();
            for (int block = 0; block < Math.max(4, 2 * BLOCKS); block++) {
                single(many, none);
            }
            operator.terminate();
        }
        memory(many, "P10.once");
        profile(many);
        memory(many, "P10.twice");
        if (SIZE < WORTH_WEIGHING) {
            return;
        }
        var once = measured.of("P10.once.rss").orElseThrow().values();
        var twice = measured.of("P10.twice.rss").orElseThrow().values();
        for (int i = 0; i < once.size(); i++) {
            measured.add("P10", (twice.get(i) - once.get(i)) * 1000 / SIZE);
        }
    }

    private void profile(BenchSite site) throws Exception {
        try (var operator = site.operator(launch.jar())) {
            profile(site, operator, Profile.VIEWS);
            BenchSite.awaitQuiet(operator);
            operator.terminate();
        }
    }

    private static void profile(BenchSite site, OperatorProcess operator, List<String> views) throws Exception {
        var profile = new Profile(new Resident(operator), RESULTS.resolve("burst.jfr"));
        profile.start();
        site.burst(site.names(SIZE));
        profile.end();
        Files.writeString(RESULTS.resolve("profile.txt"), profile.report(views));
    }

    /** The packaged operator of another build and this one, in turn: before, after, after, before. */
    private void compare(BenchSite site, Launch before) throws Exception {
        for (int block = 0; block < BLOCKS; block++) {
            compared(site, before, "before");
            compared(site, launch, "after");
            compared(site, launch, "after");
            compared(site, before, "before");
        }
    }

    private void compared(BenchSite site, Launch build, String name) throws Exception {
        try (var operator = site.operator(build.jar())) {
            site.single();
            var reads = site.secretReads();
            burst(site, operator, name + ".cold", SIZE);
            reads = site.secretReads() - reads - Burst.ownReads(SIZE);
            measured.add(name + ".cold.reads", (double) reads / SIZE);
            burst(site, operator, name + ".warm", SIZE);
            operator.terminate();
        }
    }

    private void single(BenchSite many, BenchSite none) throws Exception {
        var before = none.single();
        var first = many.single();
        var second = many.single();
        var after = none.single();
        for (var time : List.of(before, after)) {
            measured.add("P9.none", time.toNanos() / NANOS);
        }
        for (var time : List.of(first, second)) {
            measured.add("P9.standing", time.toNanos() / NANOS);
        }
        if (SIZE >= WORTH_WEIGHING) {
            measured.add(
                    "P9",
                    (double) first.plus(second).toNanos() / before.plus(after).toNanos());
        }
    }

    /** Of new processes, which have done nothing but to find everything in order. */
    private void memory(BenchSite site, String figure) throws Exception {
        for (int run = 0; run < Math.min(3, BLOCKS); run++) {
            try (var operator = site.operator(launch.jar())) {
                BenchSite.awaitQuiet(operator);
                memory(operator, figure);
                operator.terminate();
            }
        }
    }

    private void memory(OperatorProcess operator, String figure) throws Exception {
        var process = new Resident(operator);
        measured.add(figure + ".rss", process.collectedMib());
        measured.add(figure + ".live", process.liveMib());
    }
}
