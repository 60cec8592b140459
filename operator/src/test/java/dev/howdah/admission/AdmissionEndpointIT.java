// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import static dev.howdah.admission.ReviewRequests.claim;
import static dev.howdah.admission.ReviewRequests.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.admission.certificate.CertificateIssuer;
import dev.howdah.admission.certificate.CertificateIssuer.Issued;
import dev.howdah.policy.review.ClaimJudge;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The port itself, over TLS. */
class AdmissionEndpointIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final CertificateIssuer ISSUER = new CertificateIssuer(new SecureRandom());

    /** What a busy machine may take for a claim, and a slow judge may not. */
    private static final Duration BUDGET = Duration.ofSeconds(1);

    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private AdmissionEndpoint endpoint = endpoint(new StrictJudge());

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    private AdmissionEndpoint endpoint(ClaimJudge judge) {
        return new AdmissionEndpoint(VERTX, new ClaimAdmission(judge), BUDGET, () -> outcomes::add);
    }

    private static Issued issued() {
        return ISSUER.issue(List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
    }

    private Caller open() throws IOException {
        var issued = issued();
        endpoint.serve("127.0.0.1", 0, issued.certificate());
        return new Caller(endpoint.port(), issued.authorityPem());
    }

    @Test
    void a_review_gets_an_answer_and_anything_else_does_not() throws Exception {
        try (var caller = open()) {
            caller.ask(create(claim("shop", "first", "{}")));
            outcomes.clear();
            assertThat(caller.ask(create(claim("shop", "orders", "{}")))
                            .path("allowed")
                            .asBoolean())
                    .isTrue();
            var refused = caller.ask(create(claim("shop", "orders", "{connections: 200}")));
            assertThat(refused.path("allowed").asBoolean()).isFalse();
            assertThat(refused.path("status").path("code").asInt()).isEqualTo(403);
            assertThat(outcomes).containsExactly(Outcome.Allowed, Outcome.Refused);

            assertThat(caller.get("/").statusCode()).isEqualTo(404);
            assertThat(caller.get(AdmissionEndpoint.PATH).statusCode()).isEqualTo(405);
            assertThat(caller.post("{".getBytes(StandardCharsets.UTF_8)).statusCode())
                    .isEqualTo(400);
            assertThat(caller.post("{}".getBytes(StandardCharsets.UTF_8)).statusCode())
                    .isEqualTo(400);
            assertThat(caller.post("[".repeat(100_000).getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(caller.post(new byte[5 << 20]).statusCode()).isEqualTo(413);
            assertThat(caller.ask(create(claim("shop", "orders", "{}")))
                            .path("allowed")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void one_that_takes_too_long_goes_through() throws Exception {
        var release = new CountDownLatch(1);
        endpoint = endpoint(claim -> {
            if (claim.getMetadata().getName().equals("slow")) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.empty();
        });
        try (var caller = open()) {
            caller.ask(create(claim("shop", "first", "{}")));
            outcomes.clear();
            var answer = caller.ask(create(claim("shop", "slow", "{}")));
            assertThat(answer.path("allowed").asBoolean()).isTrue();
            assertThat(answer.path("warnings").get(0).asText())
                    .isEqualTo("howdah could not check this claim: it took too long; the operator will");
            assertThat(caller.ask(create(claim("shop", "quick", "{}"))).has("warnings"))
                    .isFalse();
            assertThat(outcomes).containsExactly(Outcome.Unchecked, Outcome.Allowed);
        } finally {
            release.countDown();
        }
    }

    @Test
    void more_at_once_than_can_be_judged_go_through() throws Exception {
        var release = new CountDownLatch(1);
        endpoint = endpoint(_ -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        try (var caller = open();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = java.util.stream.IntStream.range(0, 400)
                    .mapToObj(i -> callers.submit(() -> caller.ask(create(claim("shop", "c" + i, "{}")))))
                    .toList();
            for (var answer : asked) {
                assertThat(answer.get().path("allowed").asBoolean()).isTrue();
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    void certificates_change_while_requests_run_and_none_fails() throws Exception {
        var first = issued();
        endpoint.serve("127.0.0.1", 0, first.certificate());
        var port = endpoint.port();
        var second = issued();
        var bundle = first.authorityPem() + second.authorityPem();
        var failures = new ConcurrentLinkedQueue<String>();
        var answered = new AtomicInteger();
        var over = new AtomicBoolean();
        try (var kept = new Caller(port, bundle);
                var callers = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                var keeps = i % 2 == 0;
                callers.execute(() -> {
                    while (!over.get()) {
                        try (var fresh = new Caller(port, bundle)) {
                            (keeps ? kept : fresh).ask(create(claim("shop", "orders", "{}")));
                            answered.incrementAndGet();
                        } catch (IOException e) {
                            failures.add(e.toString());
                        }
                    }
                });
            }
            for (int change = 0; change < 20 || answered.get() < 400; change++) {
                Thread.sleep(50);
                endpoint.serve("127.0.0.1", port, (change % 2 == 0 ? second : first).certificate());
            }
            endpoint.serve("127.0.0.1", port, second.certificate());
            over.set(true);
        }
        assertThat(failures).isEmpty();
        assertThat(answered.get()).isGreaterThanOrEqualTo(400);
        try (var onlyNew = new Caller(port, second.authorityPem());
                var onlyOld = new Caller(port, first.authorityPem())) {
            assertThat(onlyNew.ask(create(claim("shop", "orders", "{}"))).has("uid"))
                    .isTrue();
            assertThatThrownBy(() -> onlyOld.ask(create(claim("shop", "orders", "{}"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void what_cannot_be_served_is_said_and_can_be_tried_again() throws Exception {
        var issued = issued();
        try (var taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> endpoint.serve("127.0.0.1", taken.getLocalPort(), issued.certificate()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(endpoint.isOpen()).isFalse();
        var nonsense = new dev.howdah.admission.certificate.ServingCertificate("nonsense", "nonsense");
        assertThatThrownBy(() -> endpoint.serve("127.0.0.1", 0, nonsense)).isInstanceOf(IOException.class);
        endpoint.serve("127.0.0.1", 0, issued.certificate());
        assertThatThrownBy(() -> endpoint.serve("127.0.0.1", 0, nonsense)).isInstanceOf(IOException.class);
        try (var caller = new Caller(endpoint.port(), issued.authorityPem())) {
            assertThat(caller.ask(create(claim("shop", "orders", "{}"))).has("uid"))
                    .isTrue();
        }
    }

    @Test
    void closing_answers_what_was_asked() throws Exception {
        var asked = new CountDownLatch(1);
        endpoint = endpoint(_ -> {
            asked.countDown();
            try {
                Thread.sleep(150);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        try (var caller = open();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = callers.submit(() -> caller.ask(create(claim("shop", "orders", "{}"))));
            asked.await();
            endpoint.close();
            assertThat(answer.get().path("allowed").asBoolean()).isTrue();
            assertThat(endpoint.isOpen()).isFalse();
        }
    }
}
