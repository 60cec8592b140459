// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import java.util.Map;

/**
 * Where an object is written.
 *
 * @param file as it was named on the command line, or found below a folder that was
 * @param document which one of the file, from 1
 * @param prefix where in the document the object is, empty where it is the document
 * @param lines the line of each field by its path, from 1
 */
public record Place(String file, int document, String prefix, Map<String, Integer> lines) {

    /** The line of a field of the object; of the field around it where it has none of its own. */
    public int line(String path) {
        var whole = prefix.isEmpty() || path.isEmpty() ? prefix + path : prefix + "." + path;
        while (!whole.isEmpty()) {
            var line = lines.get(whole);
            if (line != null) {
                return line;
            }
            whole = whole.substring(0, Math.max(0, Math.max(whole.lastIndexOf('.'), whole.lastIndexOf('['))));
        }
        return lines.getOrDefault("", 1);
    }

    /** As compilers write it, so that editors find it. */
    public String at(String path) {
        return file + ":" + line(path);
    }
}
