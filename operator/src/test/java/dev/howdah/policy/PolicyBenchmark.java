// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.bench.Measured;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.policy.review.Review;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** One claim against 100 policies, of which some are for it; {@code make bench-policy} runs it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyBenchmark {
    private static final int POLICIES = 100;

    @Param({"0", "10", "50", "100"})
    public int matching;

    private Subject subject;
    private Subject bound;

    @Setup
    public void setUp() {
        var guards = Guards.ofClass(
                "majorVersions: [17, 18]\ndefaults: {storage: 10Gi, parameters: {temp_buffers: 16MB, work_mem: 8MB}}");
        for (int i = 0; i < POLICIES; i++) {
            guards = guards.and("policy-%02d".formatted(i), """
                    target: {namespaceSelector: {matchLabels: {env: %s}}}
                    priority: %d
                    defaults: {parameters: {idle_in_transaction_session_timeout: 5min}}
                    overrides: {parameters: {log_min_duration_statement: 500ms}}
                    limits:
                      parameters:
                        work_mem: {max: 64MB}
                        statement_timeout: {min: 1s, max: 5min}
                        default_transaction_isolation: {oneOf: [read committed, serializable]}
                      otherParameters: Deny
                      extensions: [{name: pg_trgm}, {name: hstore, versions: ["1.8"]}]
                      majorVersions: [17, 18]
                      storage: {max: 100Gi}
                      connections: {max: 100}
                      accessRoles: [Owner, ReadWrite, ReadOnly]
                      deletionPolicies: [Retain]
                    quota: {databases: 100, storage: 2000Gi, connections: 4000}
                    """.formatted(i < matching ? "prod" : "dev", i % 10));
        }
        var charges = new Charge[20];
        for (int i = 0; i < charges.length; i++) {
            charges[i] = Guards.charge("claim-" + i, 10, 20);
        }
        var spec = """
                storage: 20Gi
                connections: 30
                parameters: {work_mem: 32MB, statement_timeout: 30s}
                extensions: [{name: pg_trgm}, {name: hstore, version: "1.8"}]
                access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]
                """;
        var all = guards.charged(charges);
        subject = all.subject(Guards.spec(spec));
        bound = all.bound(spec).subject(Guards.spec(spec));
        Guards.admitted(newClaim());
        Guards.admitted(boundClaim());
    }

    @Benchmark
    public Review newClaim() {
        return ClaimReview.review(subject);
    }

    @Benchmark
    public Review boundClaim() {
        return ClaimReview.review(bound);
    }

    /** @param arguments a file for the medians of the iterations, where they are asked for */
    public static void main(String[] arguments) throws RunnerException {
        var results = new Runner(new OptionsBuilder()
                        .include(PolicyBenchmark.class.getSimpleName())
                        .build())
                .run();
        if (arguments.length > 0) {
            var measured = new Measured();
            for (var result : results) {
                var method = result.getParams().getBenchmark();
                var figure = "P12.%s.%s"
                        .formatted(
                                method.substring(method.lastIndexOf('.') + 1),
                                result.getParams().getParam("matching"));
                for (var fork : result.getBenchmarkResults()) {
                    for (var iteration : fork.getIterationResults()) {
                        measured.add(
                                figure,
                                iteration.getPrimaryResult().getStatistics().getPercentile(50));
                    }
                }
            }
            measured.write(Path.of(arguments[0]));
        }
    }
}
