// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.postgres.Hosting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What attackers and DBAs send by hand. */
final class Sql {
    private Sql() {}

    /** The first column of the first row of the last result. */
    static @Nullable String first(Connection connection, String sql) throws SQLException {
        return Hosting.first(connection, sql);
    }

    static String id(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String lit(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String array(Iterable<String> texts) {
        return "ARRAY["
                + String.join(
                        ", ",
                        StreamSupport.stream(texts.spliterator(), false)
                                .map(Sql::lit)
                                .toList())
                + "]::text[]";
    }

    /** SQLSTATE and first line. */
    static String words(SQLException e) {
        var text = e.getMessage() == null ? "" : e.getMessage();
        return Arrays.stream(text.split("\n")).limit(2).collect(Collectors.joining(" ")) + " (SQLSTATE "
                + e.getSQLState() + ")";
    }
}
