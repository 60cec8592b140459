// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.util.ArrayList;
import java.util.List;

/** Claims as a table of at most 100 columns; what a claim that is not ready has to say follows on lines of its own. */
final class ClaimTable {
    private static final int WIDTH = 100;
    private static final String ROW = "%-14s %-7s %-40s %-9s %-8s %s";
    private static final String INDENT = " ".repeat(15);

    private ClaimTable() {}

    static List<String> lines(List<ClaimView> claims) {
        var lines = new ArrayList<String>();
        lines.add(ROW.formatted("CLAIM", "READY", "WHY", "CLASS", "VERSION", "SECRET"));
        for (var claim : claims) {
            lines.add(ROW.formatted(
                    claim.key(), claim.ready(), claim.why(), claim.className(), claim.version(), claim.secret()));
            if (!claim.ready().equals("True")) {
                wrapped(claim.message(), WIDTH - INDENT.length()).forEach(line -> lines.add(INDENT + line));
            }
        }
        return lines;
    }

    /** Broken at blanks; a word that is longer than a line stays whole. */
    static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.strip().split("\\s+")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
