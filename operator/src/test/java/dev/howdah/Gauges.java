// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.OperatorProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

/** What the metrics of a running operator say about what it is at. */
final class Gauges {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Gauges() {}

    /** Returns when so many servers can be worked on. */
    static void awaitServers(OperatorProcess operator, int count) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(PAUSE)
                .until(() -> lines(operator)
                                .filter(line -> line.startsWith("howdah_server_ready{") && line.endsWith(" 1.0"))
                                .count()
                        == count);
    }

    /** Nothing is queued, and nothing worked on. */
    static boolean isIdle(OperatorProcess operator) throws IOException {
        return lines(operator)
                .filter(line -> line.startsWith("operator_sdk_reconciliations_queue_size")
                        || line.startsWith("operator_sdk_reconciliations_executions"))
                .allMatch(line -> line.endsWith(" 0.0"));
    }

    private static Stream<String> lines(OperatorProcess operator) throws IOException {
        return operator.get("/metrics").body().lines();
    }
}
