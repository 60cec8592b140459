// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.ArrayList;
import java.util.List;

/** A list of names as PostgreSQL keeps it in a setting: separated by commas, in double quotes where needed; others are small. */
final class NameList {
    private NameList() {}

    static List<String> parse(String text) {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        var quoted = false;
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    name.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && c == ',') {
                names.add(name.toString());
                name.setLength(0);
            } else if (quoted) {
                name.append(c);
            } else if (c != ' ') {
                name.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
            }
        }
        if (!name.isEmpty() || !names.isEmpty()) {
            names.add(name.toString());
        }
        return names;
    }
}
