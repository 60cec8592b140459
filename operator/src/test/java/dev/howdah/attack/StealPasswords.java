// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whatever the server shows of statements: log, activity, pg_stat_statements, catalogs, the ledger. */
final class StealPasswords implements Attack {
    @Override
    public int number() {
        return 20;
    }

    @Override
    public String title() {
        return "find a password in the log, the statistics or the catalogs";
    }

    @Override
    public String wall() {
        return "PostgreSQL gets verifiers; a password never leaves the operator but in the Secret";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        scene.world.dba("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        var known = new LinkedHashSet<String>();
        known.add(scene.attacker.password());
        scene.administration.resetPassword(scene.attacker);
        scene.administration.resetPassword(scene.victim);
        known.add(scene.attacker.password());
        known.add(scene.victim.password());
        if (!scene.naive) {
            known.add(scene.howdah().hosting().admin().password());
            // What all passwords of these tests begin with, those of changes that failed included.
            known.add("pw-" + scene.attacker.database() + "-");
            failAChange(scene, known);
        }
        search(scene, known);
    }

    /** A statement that fails is logged once more, with what was in it: here its row is held by the attacker. */
    private static void failAChange(Scene scene, Set<String> known) throws SQLException {
        try (var holder = scene.attacker.connect()) {
            holder.setAutoCommit(false);
            Sql.first(holder, "SET ROLE NONE; ALTER ROLE CURRENT_USER SET work_mem = '4MB'");
            Sql.first(holder, "ALTER ROLE CURRENT_USER PASSWORD 'held'");
            var trouble = scene.administration.resetPassword(scene.attacker);
            if (trouble == null) {
                throw new IllegalStateException("the change was to fail");
            }
            if (known.stream().anyMatch(trouble::contains) || trouble.contains("SCRAM-SHA-256$")) {
                scene.gained("the failure says it");
            }
        }
        scene.administration.resetPassword(scene.attacker);
    }

    private static void search(Scene scene, Set<String> known) {
        var log = scene.log();
        if (known.stream().anyMatch(log::contains)) {
            scene.gained("a password is in the log");
        }
        var backwards = Sql.array(known.stream()
                .map(password -> new StringBuilder(password).reverse().toString())
                .toList());
        for (var view : List.of("pg_stat_activity", "pg_stat_statements")) {
            var found = scene.world.dba(
                    "postgres",
                    "SELECT 1 FROM %s, unnest(%s) AS known WHERE strpos(query, reverse(known)) > 0"
                            .formatted(view, backwards));
            if (found != null) {
                scene.gained("a password is in " + view);
            }
        }
        var databases = scene.naive
                ? List.of("postgres", scene.attacker.database())
                : List.of("postgres", "howdah", scene.attacker.database(), scene.victim.database());
        for (var database : databases) {
            var relations = scene.world.dba(database, relationsWith(backwards));
            if (relations != null) {
                scene.gained("a password is in %s of %s".formatted(relations, database));
            }
        }
    }

    /** Relations of one database whose rows hold a text; the texts are given backwards, so that asking leaves no trace. */
    private static String relationsWith(String backwards) {
        return """
                    SELECT string_agg(relation, ', ') FROM (SELECT c.oid::regclass::text AS relation FROM pg_class c
                      WHERE c.relkind IN ('r', 'p') AND (c.relnamespace = 'pg_catalog'::regnamespace
                        OR c.relnamespace = to_regnamespace('howdah'))) AS r
                    WHERE query_to_xml(format('SELECT 1 FROM %%s AS t, unnest(%%L::text[]) AS known
                        WHERE strpos(t::text, reverse(known)) > 0 LIMIT 1', relation, %s), false, false, '')::text LIKE '%%<row>%%'
                    """.formatted(backwards);
    }
}
