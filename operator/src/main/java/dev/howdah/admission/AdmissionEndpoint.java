// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.admission.certificate.ServingCertificate;
import dev.howdah.admission.certificate.SwitchableKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that the API server asks at, TLS only and with one path. It never makes anybody wait for long: a claim that is
 * not judged within the budget goes through with a warning.
 */
public final class AdmissionEndpoint implements AutoCloseable {
    public static final String PATH = "/validate/databaseclaim";
    /** Within the API server's own time limit for a webhook, however small that is configured within reason. */
    public static final Duration BUDGET = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionEndpoint.class);

    /** A claim has at most 1.5 MiB, and a review of a change holds two. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int THREADS = 4;
    private static final int WAITING = 256;

    /** The API server gives up idle connections after 90 s; if we did it first, it might just be about to use one. */
    private static final int IDLE_SECONDS = 180;

    private static final Duration OPENS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);
    private static final int TOO_LARGE = 413;

    private final Vertx vertx;
    private final ClaimAdmission admission;
    private final Duration budget;
    private final Supplier<Consumer<Outcome>> stopwatch;
    private final ThreadPoolExecutor judging;
    private final SwitchableKey key = new SwitchableKey();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean closing;
    private @Nullable HttpServer server;
    private @Nullable ServingCertificate served;

    /** @param stopwatch asked at the beginning of each review; what it gives is told the outcome at the end */
    public AdmissionEndpoint(
            Vertx vertx, ClaimAdmission admission, Duration budget, Supplier<Consumer<Outcome>> stopwatch) {
        this.vertx = vertx;
        this.admission = admission;
        this.budget = budget;
        this.stopwatch = stopwatch;
        // Bounded: whatever the API server sends at once, the reconcilers keep their share of the processors.
        this.judging = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("admission-", 0).factory());
    }

    public synchronized boolean isOpen() {
        return server != null;
    }

    /** The port, once it is open. */
    public synchronized int port() {
        return server == null ? 0 : server.actualPort();
    }

    /**
     * Opens the port with this certificate; once it is open, serves new connections with it. Those that exist go on.
     *
     * @throws IOException if the port is taken, or the certificate and its key are none
     */
    public synchronized void serve(String host, int port, ServingCertificate certificate) throws IOException {
        if (certificate.equals(served)) {
            return;
        }
        key.show(certificate);
        if (server == null) {
            var options = new HttpServerOptions()
                    .setHost(host)
                    .setPort(port)
                    .setSsl(true)
                    .setKeyCertOptions(KeyCertOptions.wrap(key))
                    .setIdleTimeout(IDLE_SECONDS);
            var opened = vertx.createHttpServer(options).requestHandler(this::receive);
            await(opened.listen().toCompletionStage().toCompletableFuture());
            server = opened;
        }
        served = certificate;
    }

    private static void await(CompletableFuture<?> done) throws IOException {
        try {
            done.get(OPENS_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void receive(HttpServerRequest request) {
        if (!PATH.equals(request.path())) {
            end(request.response().setStatusCode(HttpURLConnection.HTTP_NOT_FOUND));
            return;
        }
        if (request.method() != HttpMethod.POST) {
            end(request.response().setStatusCode(HttpURLConnection.HTTP_BAD_METHOD));
            return;
        }
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > MOST_BYTES) {
                request.handler(null).endHandler(null);
                end(request.response().setStatusCode(TOO_LARGE).putHeader(HttpHeaders.CONNECTION, "close"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(_ -> review(request.response(), body));
    }

    private void review(HttpServerResponse response, Buffer body) {
        var measured = stopwatch.get();
        JsonNode request;
        try {
            request = ReviewJson.request(body.getBytes());
        } catch (IOException e) {
            LOG.warn("something that is no AdmissionReview was sent to the webhook: {}", e.getMessage());
            end(response.setStatusCode(HttpURLConnection.HTTP_BAD_REQUEST));
            return;
        }
        unanswered.incrementAndGet();
        judged(request).whenComplete((answer, failure) -> {
            try {
                var said = answer == null ? Answer.unchecked(why(failure)) : answer;
                measured.accept(said.outcome());
                send(response, request, said);
            } finally {
                unanswered.decrementAndGet();
            }
        });
    }

    private CompletableFuture<Answer> judged(JsonNode request) {
        try {
            // What still waits for a thread when its time is over is not begun: CompletableFuture looks first.
            return CompletableFuture.supplyAsync(() -> admission.answer(request), judging)
                    .orTimeout(budget.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String why(Throwable failure) {
        LOG.warn("a claim was not checked at admission: {}", failure.toString());
        return switch (failure) {
            case TimeoutException _ -> "it took too long";
            case RejectedExecutionException _ -> "too many at once";
            default -> "an error, which its log tells";
        };
    }

    private void send(HttpServerResponse response, JsonNode request, Answer answer) {
        try {
            var bytes = ReviewJson.response(request, answer);
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            end(response, Buffer.buffer(bytes));
        } catch (IOException e) {
            LOG.warn("an answer could not be written", e);
            end(response.setStatusCode(HttpURLConnection.HTTP_INTERNAL_ERROR));
        }
    }

    private void end(HttpServerResponse response) {
        end(response, Buffer.buffer());
    }

    private void end(HttpServerResponse response, Buffer body) {
        if (closing) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        if (!response.ended() && !response.closed()) {
            response.end(body);
        }
    }

    /** Answers what was asked, then closes the port. */
    @Override
    public synchronized void close() {
        closing = true;
        if (server != null) {
            try {
                var last = new CompletableFuture<@Nullable Void>();
                var look = vertx.setPeriodic(10, _ -> {
                    if (unanswered.get() == 0) {
                        last.complete(null);
                    }
                });
                last.completeOnTimeout(null, LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
                vertx.cancelTimer(look);
                await(server.close().toCompletionStage().toCompletableFuture());
            } catch (IOException e) {
                LOG.warn("the webhook's port did not close: {}", e.getMessage());
            }
            server = null;
        }
        judging.shutdownNow();
    }
}
