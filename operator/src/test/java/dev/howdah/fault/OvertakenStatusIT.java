// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An edit that comes while the status of the one before is on its way. */
class OvertakenStatusIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void an_edit_just_before_a_status_is_written_is_seen() {
        try (var rig = Arm.ALL.getFirst().open()) {
            rig.ready();
            rig.cluster.createClaim("orders", "{className: standard}");
            Scenario.awaitReady(rig, "orders");

            var overtaken = new AtomicBoolean();
            rig.wire.tap(new Tap() {
                @Override
                public Fate before(Call call) {
                    if (call.writes()
                            && call.name().endsWith("databaseclaims/orders/status")
                            && overtaken.compareAndSet(false, true)) {
                        spec(rig, "{parameters: null}");
                    }
                    return Fate.PASS;
                }
            });
            spec(rig, "{parameters: {work_mem: nosuch}}");
            Rig.await("a status is written", SOON, overtaken::get);
            Rig.await("the last edit is seen", SOON, () -> rig.cluster.ready("orders"));
        }
    }

    private static void spec(Rig rig, String spec) {
        Cluster.patch(rig.cluster.claim("orders"), "spec: " + spec);
    }
}
