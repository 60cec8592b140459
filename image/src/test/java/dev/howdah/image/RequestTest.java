// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static final Path OUT = Path.of("/checkout/target");

    @Test
    void all_is_optional_and_said_in_both_ways() {
        assertEquals(new Request(Optional.empty(), Optional.empty(), OUT), Request.of(List.of(), OUT));
        assertEquals(
                new Request(Optional.of("tar:///base.tar"), Optional.of("r.example.com/howdah:1"), Path.of("/out")),
                Request.of(List.of("--base=tar:///base.tar", "--push", "r.example.com/howdah:1", "--out=/out"), OUT));
    }

    @Test
    void what_is_wrong_is_named() {
        assertEquals("--push needs a value", refusal("--push"));
        assertEquals("--base needs a value", refusal("--base="));
        assertEquals("unknown argument: --tag=1", refusal("--tag=1"));
    }

    private static String refusal(String argument) {
        return assertThrows(IllegalArgumentException.class, () -> Request.of(List.of(argument), OUT))
                .getMessage();
    }

    @Test
    void the_base_is_pinned() {
        assertTrue(BuildFacts.read().base().matches("gcr\\.io/distroless/[a-z0-9-]+:nonroot@sha256:[0-9a-f]{64}"));
    }
}
