// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DevTest {
    @Test
    void theNewestMajorIsTheDefault() {
        assertEquals(List.of(18), Dev.majors(List.of()));
    }

    @Test
    void majorsAreGivenByCommas() {
        assertEquals(List.of(18, 15), Dev.majors(List.of("--postgres", "18,15,18")));
        assertEquals(List.of(16, 17), Dev.majors(List.of("--postgres=16", "--postgres=17")));
    }

    @Test
    void anInputAtItsEndTellsNothing() throws IOException {
        assertTrue(Stay.reading(InputStream.nullInputStream()).endless());
        try (var end = new PipedOutputStream()) {
            var stay = Stay.reading(new PipedInputStream(end));
            assertFalse(stay.endless());
            end.close();
            stay.untilTold(_ -> {});
        }
    }

    @Test
    void anythingElseIsRefused() {
        for (var arguments : List.of(
                List.of("--postgres"), List.of("--postgres", "14"), List.of("--postgres", "18,"), List.of("--what"))) {
            assertThrows(IllegalArgumentException.class, () -> Dev.majors(arguments), arguments.toString());
        }
    }
}
