// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.world.World;
import dev.howdah.cli.world.WorldFiles;
import dev.howdah.policy.Violation;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A test that was run. */
record Suite(String file, List<Case> cases) {

    /**
     * One expectation.
     *
     * @param line where it is in the test's file
     * @param failures what is otherwise; empty when it holds
     * @param related where the object it is about is written, {@code null} when it is not there
     * @param ofObject whether it is no expectation, but an object that is not valid
     */
    record Case(
            String name,
            int line,
            List<String> failures,
            @Nullable Spot related,
            boolean ofObject) {
        boolean passed() {
            return failures.isEmpty();
        }
    }

    /** A line of a file. */
    record Spot(String file, int line) {}

    long failed() {
        return cases.stream().filter(one -> !one.passed()).count();
    }

    static Suite run(PolicyTest test, Instant realNow) {
        var folder = Optional.ofNullable(Path.of(test.file()).getParent()).orElse(Path.of(""));
        var world = WorldFiles.read(
                test.objects().stream()
                        .map(object -> folder.resolve(object).normalize().toString())
                        .toList(),
                InputStream.nullInputStream());
        var judgements = Judgements.of(world, test.now() == null ? realNow : test.now());
        var cases = new ArrayList<Case>(unsound(world, judgements));
        test.expect().forEach(expectation -> cases.add(check(expectation, world, judgements)));
        return new Suite(test.file(), cases);
    }

    /** An object that is not valid decides nothing, so what is expected of the others would prove nothing. */
    private static List<Case> unsound(World world, Judgements judgements) {
        var cases = new ArrayList<Case>();
        world.faults()
                .forEach(fault -> cases.add(new Case(
                        fault.subject(), 1, List.of(fault.message()), new Spot(fault.file(), fault.line()), true)));
        judgements
                .faults(world)
                .forEach((object, faults) -> cases.add(new Case(object, 1, faults, spot(world, object), true)));
        return cases;
    }

    /** Where an object is written, {@code null} when it is not there. */
    private static @Nullable Spot spot(World world, String object) {
        var place = world.places().get(object);
        return place == null ? null : new Spot(place.file(), place.line("spec"));
    }

    private static Case check(PolicyTest.Expectation expected, World world, Judgements judgements) {
        var failures = judgements
                .of(expected.claim())
                .map(judged -> failures(expected, judged))
                .orElseGet(() -> List.of("there is no claim %s among the objects".formatted(expected.claim())));
        return new Case(
                expected.claim(), expected.line(), failures, spot(world, "DatabaseClaim/" + expected.claim()), false);
    }

    private static List<String> failures(PolicyTest.Expectation expected, Judged judged) {
        var failures = new ArrayList<String>();
        var broken = judged.agreed() ? judged.standing() : judged.refusals();
        if (expected.accepted() != null && expected.accepted() != judged.agreed()) {
            failures.add("accepted: expected %s, is %s%s"
                    .formatted(expected.accepted(), judged.agreed(), messages(judged.refusals())));
        }
        if (expected.reasons() != null) {
            var reasons = broken.stream().map(Violation::reason).collect(Collectors.toCollection(TreeSet::new));
            if (!reasons.equals(expected.reasons())) {
                failures.add("reasons: expected %s, are %s%s".formatted(expected.reasons(), reasons, messages(broken)));
            }
        }
        expected.values()
                .forEach((path, value) -> Values.difference(judged, path, value).ifPresent(failures::add));
        return failures;
    }

    private static String messages(List<Violation> violations) {
        return violations.isEmpty()
                ? ""
                : violations.stream().map(Violation::message).collect(Collectors.joining("; ", " (", ")"));
    }
}
