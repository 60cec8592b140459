// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Hostile names go to a real server and come back as they were. */
@OnEveryServer
class QuotingIT {
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);
    private static final List<String> PIECES = List.of(
            "\"",
            "'",
            "\\",
            ";",
            "--",
            "/*",
            "*/",
            "$$",
            "$tag$",
            "\n",
            "\r",
            "\t",
            "%",
            "_",
            " ",
            "é",
            "漢",
            "😀",
            "\u202e",
            "a",
            "Z",
            "0",
            "select",
            "DROP TABLE",
            "\u0001",
            "\u007f",
            "{",
            "}",
            "(",
            ")",
            "E'",
            "U&\"",
            "::",
            ":x",
            "?",
            "$1");

    private final Ground ground;

    QuotingIT(Ground ground) {
        this.ground = ground;
    }

    @Test
    void five_hundred_names_round_trip() throws SQLException {
        var random = new Random(SEED);
        var corpus = new ArrayList<>(PIECES);
        while (corpus.size() < 500) {
            corpus.add(random.ints(1 + random.nextInt(6), 0, PIECES.size())
                    .mapToObj(PIECES::get)
                    .collect(Collectors.joining()));
        }
        try (var server = ground.open();
                var connection = server.connect("howdah")) {
            for (var text : corpus) {
                assertThat(Batches.run(connection, "SELECT " + Quoting.literal(text)))
                        .as("seed %d", SEED)
                        .isEqualTo(text);
                assertThat(Batches.run(connection, "SELECT (" + Quoting.texts(List.of("x", text)) + ")[2]"))
                        .isEqualTo(text);
            }
            var names = corpus.stream()
                    .filter(name -> name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= 63)
                    .toList();
            var columns = names.stream()
                    .map(name -> "SELECT " + Quoting.literal(name)
                            + " AS wanted, (SELECT key FROM json_each(row_to_json(r)) LIMIT 1) AS got"
                            + " FROM (SELECT 1 AS " + Quoting.identifier(name) + ") AS r")
                    .collect(Collectors.joining(" UNION ALL "));
            assertThat(Batches.run(
                            connection, "SELECT count(*) FROM (" + columns + ") AS all_names WHERE wanted <> got"))
                    .isEqualTo("0");
            assertThat(names.size()).isGreaterThan(400);
        }
    }
}
