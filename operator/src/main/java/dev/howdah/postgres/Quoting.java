// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.core.Utils;

/** The one place where names and texts become SQL. Built on the driver's escaping, which refuses NUL. */
final class Quoting {
    private Quoting() {}

    static String identifier(String name) {
        try {
            return Utils.escapeIdentifier(null, name).toString();
        } catch (SQLException e) {
            throw new IllegalArgumentException("not a name PostgreSQL can hold: it has a NUL byte", e);
        }
    }

    static String identifiers(List<String> names) {
        return names.stream().map(Quoting::identifier).collect(Collectors.joining(", "));
    }

    /** A text literal; every session has standard_conforming_strings on from its startup packet. */
    static String literal(String text) {
        try {
            return "'" + Utils.escapeLiteral(null, text, true) + "'";
        } catch (SQLException e) {
            throw new IllegalArgumentException("not a text PostgreSQL can hold: it has a NUL byte", e);
        }
    }

    /** An array of texts. */
    static String texts(List<String> values) {
        return values.stream().map(Quoting::literal).collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
    }
}
