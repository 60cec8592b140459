// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Names as nobody should give them: 500 of them, the same on every run. */
public final class NameCorpus {
    public static final int SIZE = 500;
    private static final long SEED = 20_261_127L;

    private static final List<String> WRITTEN = List.of(
            "select",
            "table",
            "user",
            "public",
            "none",
            "null",
            "true",
            "all",
            "current_user",
            "session_user",
            "pg_x",
            "pg_catalog",
            "postgres",
            "template1",
            "howdah",
            "rdsadmin",
            "a",
            "A",
            "aA",
            "Aa",
            "0",
            "1a",
            "-",
            "--",
            "--x",
            "a--b",
            "/*",
            "*/",
            "/* x */",
            "'",
            "''",
            "'''",
            "\"",
            "\"\"",
            "\"x\"",
            "\"; DROP TABLE howdah.claim; --",
            "'; DROP TABLE howdah.claim; --",
            "\\",
            "\\\\",
            "\\'",
            "\\\"",
            "E'x'",
            "U&\"x\"",
            "$$",
            "$x$",
            "$1",
            "?",
            ":x",
            "::text",
            "%",
            "%s",
            "%I",
            "%%",
            "_",
            "a_b",
            "a-b",
            "a.b",
            ".",
            "..",
            "a b",
            " ",
            "  ",
            " a",
            "a ",
            "\t",
            "\n",
            "\r\n",
            "a\nb",
            "\u0001",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u200b",
            "a\u200bb",
            "\u202e",
            "a\u202eb",
            "\u2066x\u2069",
            "\ufeff",
            "\ufeffa",
            "é",
            "e\u0301",
            "ﬁ",
            "fi",
            "ß",
            "ss",
            "ẞ",
            "İ",
            "ı",
            "i",
            "І",
            "І1",
            "pоstgres",
            "рostgres",
            "аdmin",
            "漢字",
            "データ",
            "한글",
            "ไทย",
            "עברית",
            "العربية",
            "\u0645\u0631\u062d\u0628\u0627",
            "😀",
            "👩‍👩‍👧",
            "🇨🇭",
            "\ud83d\ude00x",
            "𝒳",
            "{",
            "}",
            "{}",
            "[]",
            "(",
            ")",
            "()",
            ";",
            ",",
            "@",
            "#",
            "!",
            "&",
            "|",
            "<>",
            "=",
            "+",
            "~",
            "^",
            "`",
            "${x}",
            "#{x}",
            "{{x}}",
            "<script>",
            "../x",
            "~/x",
            "CON",
            "nul",
            "NaN",
            "Infinity",
            "1e5",
            "0x10",
            "-1",
            "+1",
            "1,000");

    private static final List<String> PIECES = List.of(
            "\"", "'", "\\", ";", "--", "/*", "*/", "$$", "$q$", "\n", "\t", " ", "%", "_", "-", ".", "é", "漢", "😀",
            "\u202e", "\u200b", "а", "a", "Z", "0", "select", "DROP", "E'", "U&\"", "::", ":x", "?", "$1", "{", "}",
            "pg_");

    private NameCorpus() {}

    /** None of them is empty and none has a NUL, which no PostgreSQL can hold. */
    public static List<String> names() {
        var names = new LinkedHashSet<>(WRITTEN);
        for (var character : List.of("x", "é", "漢", "😀", "\"", "'")) {
            int bytes = character.getBytes(StandardCharsets.UTF_8).length;
            for (int length : List.of(61, 62, 63, 64, 65, 66, 200)) {
                // To the byte, so that some are cut in the middle of a character.
                names.add(character.repeat(length / bytes) + "y".repeat(length % bytes));
            }
        }
        var random = new Random(SEED);
        while (names.size() < SIZE) {
            names.add(random.ints(1 + random.nextInt(8), 0, PIECES.size())
                    .mapToObj(PIECES::get)
                    .collect(Collectors.joining()));
        }
        return new ArrayList<>(names).subList(0, SIZE);
    }

    public static boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= 63;
    }
}
