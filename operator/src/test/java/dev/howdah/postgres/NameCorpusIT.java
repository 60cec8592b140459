// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.fault.NameCorpus;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Five hundred names nobody should give become schemas, roles, settings and databases, and go again, as they were written. */
@OnEveryServer
class NameCorpusIT {
    private final Ground ground;

    NameCorpusIT(Ground ground) {
        this.ground = ground;
    }

    @Test
    void what_is_made_has_the_name_that_was_asked_for() throws SQLException {
        var names = NameCorpus.names().stream()
                .filter(NameCorpus::fits)
                // PostgreSQL keeps these for itself.
                .filter(name -> !name.startsWith("pg_") && !name.equals("public") && !name.equals("none"))
                .toList();
        assertThat(names).hasSizeGreaterThan(400);
        try (var server = ground.open();
                var connection = server.connect("howdah")) {
            Batches.run(connection, "CREATE SCHEMA corpus");
            try {
                // Tables are as much a name as roles and cost less than databases.
                for (var name : names) {
                    Batches.run(
                            connection,
                            "CREATE TABLE corpus." + Quoting.identifier(name) + " (" + Quoting.identifier(name)
                                    + " int);" + " COMMENT ON TABLE corpus." + Quoting.identifier(name) + " IS "
                                    + Quoting.literal(name));
                }
                var same = Batches.run(
                        connection,
                        "SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1"
                                + " WHERE relnamespace = 'corpus'::regnamespace AND relkind = 'r' AND relname = attname"
                                + " AND relname = obj_description(c.oid) AND relname = ANY (" + Quoting.texts(names)
                                + ")");
                assertThat(same).isEqualTo(String.valueOf(names.size()));
            } finally {
                Batches.run(connection, "DROP SCHEMA corpus CASCADE");
            }
        }
    }

    @Test
    void roles_and_databases_too() throws SQLException {
        var names = NameCorpus.names().stream()
                .filter(name -> NameCorpus.fits("corpus " + name))
                .map(name -> "corpus " + name)
                .toList();
        // Databases cost files, and the two whose names are texts in files: some of each kind.
        var databases = names.stream()
                .filter(name -> Math.floorMod(name.hashCode(), 60) == 0)
                .toList();
        assertThat(databases).isNotEmpty();
        try (var server = ground.open();
                var connection = server.connect("howdah")) {
            for (int from = 0; from < names.size(); from += 50) {
                var some = names.subList(from, Math.min(names.size(), from + 50));
                Batches.run(
                        connection,
                        some.stream()
                                .map(name -> "CREATE ROLE " + Quoting.identifier(name))
                                .collect(Collectors.joining("; ")));
            }
            var made = Batches.run(
                    connection, "SELECT count(*) FROM pg_roles WHERE rolname = ANY (" + Quoting.texts(names) + ")");
            assertThat(made).isEqualTo(String.valueOf(names.size()));
            for (var name : databases) {
                Batches.run(connection, "CREATE DATABASE " + Quoting.identifier(name) + " TEMPLATE template0");
                try (var inside = server.connect(name)) {
                    assertThat(Batches.run(inside, "SELECT current_database()")).isEqualTo(name);
                }
                Batches.run(connection, "DROP DATABASE " + Quoting.identifier(name));
            }
            for (int from = 0; from < names.size(); from += 50) {
                Batches.run(
                        connection,
                        "DROP ROLE " + Quoting.identifiers(names.subList(from, Math.min(names.size(), from + 50))));
            }
            assertThat(Batches.run(connection, "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, 'corpus ')"))
                    .isEqualTo("0");
        }
    }

    @Test
    void a_nul_is_refused_here() {
        for (var name : List.of("\u0000", "a\u0000b", "x\u0000")) {
            assertThatThrownBy(() -> Quoting.identifier(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Quoting.literal(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
