// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text for people, at most 80 columns wide where words allow it. Control characters in what others wrote are made
 * visible, so that an object cannot paint on a terminal.
 */
public final class Page {
    public static final int WIDTH = 80;
    private static final String GAP = "  ";

    private final StringBuilder text = new StringBuilder();

    /** A line, wrapped. */
    public Page line(String line) {
        return line(0, line);
    }

    /** A line that begins in a column, wrapped. */
    public Page line(int indent, String line) {
        for (var part : wrap(clean(line), WIDTH - indent)) {
            append(" ".repeat(indent) + part);
        }
        return this;
    }

    public Page blank() {
        text.append('\n');
        return this;
    }

    /** A point of a list, wrapped below its text. */
    public Page item(int indent, String mark, String line) {
        var first = true;
        var inside = indent + mark.length() + 1;
        for (var part : wrap(clean(line), WIDTH - inside)) {
            append(first ? " ".repeat(indent) + mark + " " + part : " ".repeat(inside) + part);
            first = false;
        }
        return this;
    }

    /** A line behind one beginning and its continuations behind another, such as those of a tree. */
    public Page branch(String first, String rest, String line) {
        var begin = first;
        for (var part : wrap(clean(line), WIDTH - length(first))) {
            append(begin + part);
            begin = rest;
        }
        return this;
    }

    /** A line that is meant to be copied, and so stays whole however long it is. */
    public Page whole(int indent, String line) {
        append(" ".repeat(indent) + clean(line));
        return this;
    }

    /** A head and rows in columns; where they are too wide together the widest column is wrapped. */
    public Page table(int indent, List<List<String>> rows) {
        var clean =
                rows.stream().map(row -> row.stream().map(Page::clean).toList()).toList();
        var columns = clean.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        clean.forEach(row -> {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        });
        fit(widths, words(clean, columns), WIDTH - indent - (columns - 1) * GAP.length());
        clean.forEach(row -> row(indent, row, widths));
        return this;
    }

    /** The head and the longest word of each column: it is never made narrower. */
    private static int[] words(List<List<String>> rows, int columns) {
        var longest = new int[columns];
        for (int i = 0; i < columns; i++) {
            longest[i] = length(rows.getFirst().get(i));
        }
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                for (var word : row.get(i).split(" ", -1)) {
                    longest[i] = Math.max(longest[i], length(word));
                }
            }
        }
        return longest;
    }

    private static void fit(int[] widths, int[] least, int room) {
        for (var over = Arrays.stream(widths).sum() - room; over > 0; over--) {
            var widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] > least[i] && (widest < 0 || widths[i] >= widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private void row(int indent, List<String> row, int[] widths) {
        var cells = new ArrayList<List<String>>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(wrap(row.get(i), widths[i]));
        }
        var height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int y = 0; y < height; y++) {
            var line = new StringBuilder(" ".repeat(indent));
            for (int i = 0; i < cells.size(); i++) {
                var part = y < cells.get(i).size() ? cells.get(i).get(y) : "";
                line.append(part)
                        .append(" ".repeat(Math.max(0, widths[i] - length(part))))
                        .append(GAP);
            }
            append(line.toString());
        }
    }

    private void append(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static List<String> wrap(String line, int width) {
        var lines = new ArrayList<String>();
        var current = new StringBuilder();
        for (var word : line.split(" ", -1)) {
            if (!current.isEmpty() && length(current.toString()) + 1 + length(word) > width) {
                lines.add(current.toString());
                current.setLength(0);
            }
            if (!current.isEmpty()) {
                current.append(' ');
            }
            current.append(word);
        }
        lines.add(current.toString());
        return lines;
    }

    private static String clean(String text) {
        if (text.codePoints().noneMatch(Page::unsafe)) {
            return text;
        }
        var clean = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (unsafe(c)) {
                clean.append("\\u%04x".formatted(c));
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    /** Controls, and what turns the direction of writing. */
    private static boolean unsafe(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
