// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.gitops.HealthCases.Expected;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The scripts in Argo CD's engine, by their own cases; the objects of these are what the operator wrote once. */
class ArgoHealthIT {
    @TestFactory
    Stream<DynamicTest> every_case_comes_to_its_health() {
        var check = HealthCheck.orSkip();
        return Stream.concat(HealthCheck.KINDS.stream(), Stream.of(HealthCases.APPLICATION))
                .flatMap(kind -> each(check, kind));
    }

    private static Stream<DynamicTest> each(HealthCheck check, String kind) {
        var cases = HealthCases.of(kind);
        var answers = check.ask(
                cases.stream().map(one -> HealthCases.object(kind, one)).toList());
        return IntStream.range(0, cases.size())
                .mapToObj(i -> DynamicTest.dynamicTest(
                        kind + " " + cases.get(i).inputPath(),
                        () -> assertThat(new Expected(
                                        answers.get(i).health(), answers.get(i).healthMessage()))
                                .isEqualTo(cases.get(i).healthStatus())));
    }
}
