// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.testenv.OperatorProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The packaged operator as a process of its own, killed with SIGKILL. */
final class Packaged implements Incarnation {
    private final Path jar;
    private final Map<String, String> environment;
    private final Wire wire;
    private @Nullable OperatorProcess process;

    /** @param cluster where the API server is and which namespace is the operator's, in the operator's words */
    Packaged(Path jar, Map<String, String> cluster, Wire wire) {
        this.jar = jar;
        this.wire = wire;
        environment = new HashMap<>(cluster);
        environment.put("HOWDAH_SWEEP_INTERVAL", SWEEP.toString());
        environment.put("HOWDAH_ORPHAN_GRACE", ORPHAN_GRACE.toString());
        // Its Lease would have to run out before another may take it.
        environment.put("HOWDAH_LEADER_ELECTION_ENABLED", "false");
        environment.put("HOWDAH_WEBHOOK_ENABLED", "false");
    }

    @Override
    public void start() {
        var started = OperatorProcess.run(jar, environment);
        process = started;
        wire.killBy(started::kill);
        started.awaitReady(Rig.PATIENCE);
    }

    @Override
    public void end() {
        var dead = process;
        if (dead != null) {
            dead.kill();
            dead.close();
        }
    }
}
