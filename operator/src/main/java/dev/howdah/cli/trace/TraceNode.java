// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.trace;

import dev.howdah.cli.output.Page;
import java.util.List;

/**
 * One thing on the way from a claim to its Secrets.
 *
 * @param state in a line
 * @param leads what comes of it
 */
record TraceNode(String kind, String name, boolean well, String state, List<TraceNode> leads) {
    private static final String BRANCH = "├─ ";
    private static final String LAST = "└─ ";
    private static final String PAST = "│  ";
    private static final String NOTHING = "   ";

    static TraceNode leaf(String kind, String name, boolean well, String state) {
        return new TraceNode(kind, name, well, state, List.of());
    }

    boolean allWell() {
        return well && leads.stream().allMatch(TraceNode::allWell);
    }

    void show(Page page) {
        show(page, "", "");
    }

    private void show(Page page, String first, String rest) {
        var below = leads.isEmpty() ? NOTHING : PAST;
        page.branch(first, rest + below, "%s%s %s: %s".formatted(well ? "" : "! ", kind, name, state));
        for (int i = 0; i < leads.size(); i++) {
            var last = i == leads.size() - 1;
            leads.get(i).show(page, rest + (last ? LAST : BRANCH), rest + (last ? NOTHING : PAST));
        }
    }
}
