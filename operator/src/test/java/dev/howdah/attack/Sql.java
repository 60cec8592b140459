// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What attackers and DBAs send by hand. */
final class Sql {
    private Sql() {}

    /** The first column of the first row of the last result. */
    static @Nullable String first(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            String last = null;
            var rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() != -1) {
                if (rows) {
                    var result = statement.getResultSet();
                    last = result.next() ? result.getString(1) : null;
                }
                rows = statement.getMoreResults();
            }
            return last;
        }
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
                        java.util.stream.StreamSupport.stream(texts.spliterator(), false)
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
