// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One exchange of the operator with the outside: a request to the API server, or a round trip to PostgreSQL.
 *
 * @param name the same for the same step of every run, whatever names, numbers and passwords are in it
 * @param text the whole of it
 * @param writes whether it may change something
 */
record Call(Side side, String name, String text, boolean writes) {
    private static final Pattern LITERAL = Pattern.compile("'[^']*+'");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern GENERATED = Pattern.compile("x[0-9a-f]{6}x\\w*");
    private static final int SHOWN = 70;

    enum Side {
        API,
        SQL
    }

    static Call api(String method, String path) {
        var plain = path.replaceAll("\\?.*", "");
        var name = method + " "
                + GENERATED.matcher(plain.replaceFirst("^/apis?/", "")).replaceAll("…");
        var write = !method.equals("GET") && !method.equals("HEAD");
        return new Call(Side.API, name, method + " " + path, write);
    }

    static Call connect(String database) {
        return new Call(Side.SQL, "connect to " + GENERATED.matcher(database).replaceAll("…"), database, false);
    }

    static Call sql(String database, String sql) {
        var plain = NUMBER.matcher(
                        LITERAL.matcher(GENERATED.matcher(sql).replaceAll("…")).replaceAll("?"))
                .replaceAll("0")
                .replaceAll("\\s+", " ");
        // The fence comes first in most and tells nothing.
        var telling =
                plain.replaceFirst("^SELECT \\(\\? \\|\\| epoch\\)::int FROM howdah.fence WHERE epoch <> 0; ", "");
        var shown = telling.length() <= SHOWN ? telling : telling.substring(0, SHOWN) + "…";
        var name = GENERATED.matcher(database).replaceAll("…") + ": " + shown + " ["
                + Integer.toHexString(plain.hashCode()) + "]";
        var first = telling.strip().toUpperCase(Locale.ROOT);
        return new Call(Side.SQL, name, sql, !first.startsWith("SELECT") || plain.contains("INSERT INTO"));
    }
}
