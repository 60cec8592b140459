// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real server asked for its parameters, and for what it makes of a value; nothing it is asked stays set. */
record SettingsServer(Connection connection) implements AutoCloseable {
    /** Sets, reads and takes back; NULL when the server refuses. */
    private static final String SHOWS = """
            CREATE FUNCTION pg_temp.shows(name text, value text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE shown text;
            BEGIN
                BEGIN
                    PERFORM set_config(name, value, true);
                    shown := current_setting(name);
                    RAISE EXCEPTION USING errcode = 'HW000';
                EXCEPTION
                    WHEN SQLSTATE 'HW000' THEN RETURN shown;
                    WHEN OTHERS THEN RETURN NULL;
                END;
            END $$""";

    private static final String SETTINGS = """
            SELECT name, vartype, context, unit, min_val, max_val, enumvals FROM pg_settings
            WHERE name !~ '[.]' ORDER BY lower(name) COLLATE "C\"""";

    record Setting(
            String name,
            String type,
            String context,
            @Nullable String unit,
            @Nullable String min,
            @Nullable String max,
            List<String> values) {}

    record Attempt(String name, String text) {}

    record Answer(Attempt attempt, @Nullable String shown) {}

    static SettingsServer of(int major) throws SQLException {
        var connection = TestEnvironment.postgres(PostgresOptions.major(major)).connect("postgres");
        try (var statement = connection.createStatement()) {
            statement.execute(SHOWS);
        }
        return new SettingsServer(connection);
    }

    List<Setting> settings() throws SQLException {
        var settings = new ArrayList<Setting>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(SETTINGS)) {
            while (rows.next()) {
                var values = rows.getArray("enumvals");
                settings.add(new Setting(
                        rows.getString("name"),
                        rows.getString("vartype"),
                        rows.getString("context"),
                        rows.getString("unit"),
                        rows.getString("min_val"),
                        rows.getString("max_val"),
                        values == null ? List.of() : List.of((String[]) values.getArray())));
            }
        }
        return settings;
    }

    List<Answer> tries(List<Attempt> attempts) throws SQLException {
        var answers = new ArrayList<Answer>();
        try (var statement = connection.prepareStatement("""
                SELECT pg_temp.shows(name, value)
                FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS t(name, value, nr) ORDER BY nr""")) {
            statement.setArray(1, texts(attempts.stream().map(Attempt::name).toList()));
            statement.setArray(2, texts(attempts.stream().map(Attempt::text).toList()));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    answers.add(new Answer(attempts.get(answers.size()), rows.getString(1)));
                }
            }
        }
        return answers;
    }

    private java.sql.Array texts(List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
