// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.trace;

import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import java.util.List;

/**
 * The way from a claim to its Secrets.
 *
 * @param root the claim
 */
record TraceAnswer(boolean well, TraceNode root, List<Fault> faults, List<String> notes) {

    static TraceAnswer of(TraceNode root, World world) {
        return new TraceAnswer(root.allWell() && world.faults().isEmpty(), root, world.faults(), world.notes());
    }

    Page page() {
        var page = new Page();
        root.show(page);
        Asides.show(page, faults, notes);
        return page;
    }
}
