// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One document of a file.
 *
 * @param number from 1
 * @param lines the line of each field by its path, such as {@code spec.access[0].name}
 */
public record Document(String file, int number, JsonNode root, Map<String, Integer> lines) {
    public Place place(String prefix) {
        return new Place(file, number, prefix, lines);
    }
}
