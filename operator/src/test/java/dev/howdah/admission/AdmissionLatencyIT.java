// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import static dev.howdah.admission.ReviewRequests.claim;
import static dev.howdah.admission.ReviewRequests.create;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.admission.certificate.CertificateIssuer;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.policy.review.ClaimReview;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * How long the API server waits for an answer: over TLS on the loopback address, one connection that is kept, 100 policies
 * of which half are for the claim. Printed and kept in {@code target/webhook-latency.txt}; {@code make bench-webhook}.
 */
class AdmissionLatencyIT {
    private static final int POLICIES = 100;
    private static final int WARM_UP = 2_000;
    private static final int REQUESTS = 2_000;

    /** The bound of the benchmark; for the median here, because a test must hold on a busy machine too. */
    private static final Duration BOUND = Duration.ofMillis(20);

    private static ClaimJudge judge() {
        var guards = Guards.NONE;
        for (int i = 0; i < POLICIES; i++) {
            guards = guards.and("policy-" + i, """
                    enforcement: %s
                    priority: %d
                    target: {namespaceSelector: {matchLabels: {env: %s}}}
                    defaults: {parameters: {idle_in_transaction_session_timeout: %dmin}}
                    overrides: {parameters: {log_min_duration_statement: %dms}}
                    limits:
                      parameters:
                        work_mem: {max: %dMB}
                        statement_timeout: {min: 1s, max: %dmin}
                        default_transaction_isolation: {oneOf: [read committed, repeatable read, serializable]}
                      extensions: [{name: pg_trgm}, {name: hstore, versions: ["1.8"]}]
                      storage: {max: %dGi}
                      connections: {max: %d}
                    """.formatted(
                            List.of("Enforce", "Warn", "Audit").get(i % 3),
                            i % 7,
                            i % 2 == 0 ? "prod" : "test",
                            5 + i,
                            500 + i,
                            64 + i,
                            5 + i,
                            100 + i,
                            100 + i));
        }
        var subject = guards.subject(DatabaseClaimSpec.EMPTY);
        assertThat(subject.rulebook().policies()).hasSize(POLICIES);
        return claim -> {
            var review = ClaimReview.review(subject.with(claim.getSpec()));
            return Optional.of(new ClaimJudge.Judgement(
                    review.verdict() instanceof Verdict.Denied(var violations) ? violations : List.of(),
                    review.told().stream().filter(v -> !v.blocks()).toList()));
        };
    }

    private static final List<String> SPECS = List.of(
            "{className: standard}",
            "{className: standard, storage: 10Gi, connections: 20, parameters: {work_mem: 32MB, statement_timeout: 30s},"
                    + " extensions: [{name: pg_trgm}], schemas: [public, audit], access: [{name: app, role: Owner,"
                    + " binding: true}, {name: report, role: ReadOnly, connections: 5}]}",
            "{className: standard, storage: 500Gi, connections: 120, parameters: {work_mem: 1GB, statement_timeout: 1h}}");

    @Test
    void warm_requests() throws Exception {
        var vertx = Vertx.vertx();
        var issued = new CertificateIssuer(new SecureRandom())
                .issue(List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        try (var endpoint =
                new AdmissionEndpoint(vertx, new ClaimAdmission(judge()), AdmissionEndpoint.BUDGET, () -> outcome -> {
                    synchronized (outcomes) {
                        outcomes.merge(outcome, 1, Integer::sum);
                    }
                })) {
            endpoint.serve("127.0.0.1", 0, issued.certificate());
            try (var caller = new Caller(endpoint.port(), issued.authorityPem())) {
                measure(caller, WARM_UP);
                var nanos = measure(caller, REQUESTS);
                report(nanos, outcomes);
                assertThat(Duration.ofNanos(nanos[REQUESTS / 2])).isLessThan(BOUND);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        assertThat(outcomes).doesNotContainKey(Outcome.Unchecked);
    }

    /** Sorted. */
    private static long[] measure(Caller caller, int requests) throws IOException {
        var nanos = new long[requests];
        for (int i = 0; i < requests; i++) {
            JsonNode request = create(claim("shop", "orders", SPECS.get(i % SPECS.size())));
            var body = ReviewRequests.review(request);
            var begin = System.nanoTime();
            var answer = caller.post(body);
            nanos[i] = System.nanoTime() - begin;
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void report(long[] nanos, Map<Outcome, Integer> outcomes) throws IOException {
        var text = "webhook, %d warm requests over TLS, %d policies: p50 %.2f ms, p99 %.2f ms, max %.2f ms %s%n"
                .formatted(
                        nanos.length,
                        POLICIES,
                        nanos[nanos.length / 2] / 1e6,
                        nanos[nanos.length * 99 / 100] / 1e6,
                        nanos[nanos.length - 1] / 1e6,
                        outcomes);
        System.out.print(text);
        Files.writeString(Path.of("target", "webhook-latency.txt"), text);
    }
}
