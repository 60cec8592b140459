// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whoever tries a claim of their own in the demo finds room for it. */
class DemoRoomTest {
    private static final int BY_DEFAULT = 20;
    /** That of the README, and some more. */
    private static final int OWN = 30 + 4 * BY_DEFAULT;
    /** {@code superuser_reserved_connections} is 3, and the operator needs a few. */
    private static final int NOT_FOR_CLAIMS = 20;

    private final Examples examples = new Examples(Path.of("..", "examples"));

    @Test
    void there_is_room_for_more() {
        var promises = examples.promises("claims");
        // One that meets a conflict keeps its place, too.
        var taken = examples.objects("claims").stream()
                .filter(claim -> promises.containsKey(Examples.key(claim)))
                .filter(claim -> promises.get(Examples.key(claim)).becomes().matches("Ready=True.*|.*DatabaseConflict"))
                .mapToInt(DemoRoomTest::connections)
                .sum();
        assertTrue(taken > 4 * BY_DEFAULT, () -> "counted " + taken);
        var servers = examples.objects("platform").stream()
                .filter(object -> object.getKind().equals("PostgresServer"))
                .toList();
        assertEquals(2, servers.size());
        for (var server : servers) {
            int most = server.<Integer>get("spec", "capacity", "connections");
            assertTrue(taken + OWN <= most, () -> server.getMetadata().getName() + " has " + most);
            assertTrue(most + NOT_FOR_CLAIMS <= Demo.CONNECTIONS);
        }
    }

    private static int connections(GenericKubernetesResource claim) {
        Integer asked = claim.get("spec", "connections");
        return asked == null ? BY_DEFAULT : asked;
    }
}
