// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PostgresOptionsTest {
    private static final PostgresOptions PLAIN = PostgresOptions.major(18);

    @Test
    void valuesAreQuoted() {
        var lines = PLAIN.with("application_name", "it's a \\ test")
                .configuration(5432, Path.of("/d"))
                .lines()
                .toList();
        assertTrue(lines.contains("application_name = 'it''s a \\\\ test'"), lines::toString);
    }

    @Test
    void givenSettingsWinOverOurs() {
        String configuration = PLAIN.with("fsync", "on").configuration(5432, Path.of("/d"));
        assertTrue(configuration.contains("fsync = 'on'\n"), configuration);
        assertFalse(configuration.contains("fsync = 'off'"), configuration);
    }

    @Test
    void withTlsNobodyComesInWithout() {
        assertFalse(PLAIN.hostBasedAuthentication().contains("hostssl"));
        PLAIN.withTls()
                .hostBasedAuthentication()
                .lines()
                .forEach(line -> assertTrue(
                        line.equals("local all all reject") || line.matches("hostssl all all \\S+ scram-sha-256"),
                        line));
    }

    @Test
    void theKeyTellsOptionsApartAndNotTheOrderOfSettings() {
        assertEquals(
                PLAIN.with("a", "1").with("b", "2").key(),
                PLAIN.with("b", "2").with("a", "1").key());
        assertNotEquals(PLAIN.key(), PLAIN.withTls().key());
        assertNotEquals(PLAIN.key(), PLAIN.withMaxConnections(7).key());
        assertNotEquals(PLAIN.key(), PostgresOptions.major(17).key());
        assertNotEquals(PLAIN.key(), PLAIN.withLogFile(Path.of("/log")).key());
    }
}
