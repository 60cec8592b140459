// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Counts, tells and writes down what came of the attacks. */
final class AttackReport {
    /** Majors to run on; the oldest and the newest by default. */
    private static final String MAJORS = "howdah.attacks.majors";

    /** Numbers of attacks, such as 3,12; all by default. */
    private static final String ONLY = "howdah.attacks.only";

    /** {@code true}: the figures go into the documentation. */
    private static final String WRITE = "howdah.attacks.write";

    private static final Path LINES = Path.of("target/attacks.txt");
    private static final Path DOCUMENT = Path.of("../docs/reliability.md");
    private static final String BEGIN = "<!-- attacks:begin -->";
    private static final String END = "<!-- attacks:end -->";

    private static final List<Attack> ATTACKS = List.of(
            new ConnectToNeighbour(),
            new PlantInTemplate(),
            new OverloadOperators(),
            new RoleOfTheDatabase(),
            new LockTheAdminOut(),
            new BreakQuoting(),
            new WeakPasswords(),
            new RunWhenTouched(),
            new EscapeDemotion(),
            new TakeTheNeighboursRole(),
            new LiftLimits(),
            new WedgeDeletion(),
            new ForgeOwnership(),
            new HelpItselfToExtensions(),
            new LoopBack(),
            new ReachTheFiles(),
            new AskForPower(),
            new HijackHelpers(),
            new InjectByWords(),
            new StealPasswords(),
            new OutstayAccess(),
            new HoldTheOperatorsLock(),
            new FloodConnections());

    private final List<String> failures = new ArrayList<>();
    private final Set<String> servers = new TreeSet<>();
    private int passed;

    interface Run {
        void run() throws Exception;
    }

    static List<Attack> attacks() {
        var only = System.getProperty(ONLY);
        return only == null
                ? ATTACKS
                : ATTACKS.stream()
                        .filter(attack -> List.of(only.split(",")).contains(String.valueOf(attack.number())))
                        .toList();
    }

    static List<Integer> majors() {
        return Stream.of(System.getProperty(MAJORS, "15,18").split(","))
                .map(Integer::valueOf)
                .toList();
    }

    void run(Attack attack, World world, String what, Run run) throws Exception {
        servers.add(world.version());
        try {
            run.run();
            passed++;
        } catch (Throwable e) {
            failures.add("%d %s, %s, %s: FAILED: %s"
                    .formatted(
                            attack.number(),
                            attack.getClass().getSimpleName(),
                            world,
                            what,
                            String.valueOf(e.getMessage()).strip().replaceAll("\\s*\n\\s*", " | ")));
            throw e;
        }
    }

    /** The last line is the one that {@code make attacks} ends with. */
    void write() {
        var lines = new ArrayList<>(failures);
        lines.add(total());
        try {
            Files.createDirectories(LINES.getParent());
            Files.write(LINES, lines);
            if (Boolean.getBoolean(WRITE)) {
                Files.writeString(DOCUMENT, documented(Files.readString(DOCUMENT)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String total() {
        return "attacks: %d passed, %d failed".formatted(passed, failures.size());
    }

    private String documented(String document) {
        var begin = document.indexOf(BEGIN);
        var end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(DOCUMENT + " has no part between " + BEGIN + " and " + END);
        }
        return document.substring(0, begin + BEGIN.length()) + "\n" + table() + document.substring(end);
    }

    private String table() {
        var text = new StringBuilder();
        text.append(
                "`make attacks` tries what a team could with the login that its Secret gives it, and what nobody set up on purpose for it;\n");
        text.append(
                "where a first wall holds, a DBA tears it down and the second is tried. Each attack is tried on a naive layout too, as its\n");
        text.append("control: there it must succeed. Again: `make attacks ONLY=3,12`.\n\n");
        text.append(
                "`%s` on PostgreSQL %s, with a superuser and with a `CREATEDB CREATEROLE` admin each; half of them are controls.\n\n"
                        .formatted(total(), String.join(", ", servers)));
        text.append("| | a team tries to | what stops it | on the naive layout it |\n|---|---|---|---|\n");
        ATTACKS.forEach(attack -> text.append(row(attack)));
        return text.append("\n").toString();
    }

    static String row(Attack attack) {
        return "| %d | %s | %s | %s |\n".formatted(attack.number(), attack.title(), attack.wall(), attack.control());
    }

    /** What the documentation has to say when all of it was run. */
    static String whole() {
        return "attacks: %d passed, 0 failed".formatted(ATTACKS.size() * 4 * 2 * 2);
    }

    static String document() {
        try {
            return Files.readString(DOCUMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
