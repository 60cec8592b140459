// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Warnings as the API server takes them: it advises 120 characters each, cuts at 256 and drops what is beyond 4096 of all
 * together, and a line break makes it drop the warning. So a longer one is continued in the next.
 */
final class Warnings {
    static final int LENGTH = 120;
    static final int MOST = 32;
    private static final String MORE = "…";

    private Warnings() {}

    static List<String> of(List<String> sentences) {
        var warnings = new ArrayList<String>();
        sentences.stream().map(Warnings::oneLine).distinct().forEach(sentence -> split(sentence, warnings));
        if (warnings.size() <= MOST) {
            return List.copyOf(warnings);
        }
        var kept = new ArrayList<>(warnings.subList(0, MOST - 1));
        kept.add("howdah has more to say than fits here; status.violations of the claim lists it");
        return List.copyOf(kept);
    }

    /** Control characters and what is no character would invalidate the header. */
    private static String oneLine(String text) {
        var line = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.toString().strip().replaceAll(" {2,}", " ");
    }

    private static void split(String sentence, List<String> warnings) {
        var rest = sentence;
        while (rest.length() > LENGTH) {
            var end = end(rest);
            warnings.add(rest.substring(0, end).stripTrailing() + MORE);
            rest = MORE + rest.substring(end).stripLeading();
        }
        warnings.add(rest);
    }

    /** Between two words where that is possible, else between two characters. */
    private static int end(String text) {
        var most = LENGTH - MORE.length();
        var space = text.lastIndexOf(' ', most);
        if (space > most / 2) {
            return space;
        }
        var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        var end = characters.isBoundary(most) ? most : characters.preceding(most);
        return end > 1 ? end : most;
    }
}
