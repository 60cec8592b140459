// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuotingTest {
    @Test
    void names_are_quoted_never_sanitised() {
        assertThat(Quoting.identifier("shop_orders")).isEqualTo("\"shop_orders\"");
        assertThat(Quoting.identifier("Robert\"; DROP TABLE t; --")).isEqualTo("\"Robert\"\"; DROP TABLE t; --\"");
        assertThat(Quoting.identifiers(List.of("a", "b\"c"))).isEqualTo("\"a\", \"b\"\"c\"");
    }

    @Test
    void texts_are_quoted() {
        assertThat(Quoting.literal("it's")).isEqualTo("'it''s'");
        assertThat(Quoting.literal("back\\slash")).isEqualTo("'back\\slash'");
        assertThat(Quoting.texts(List.of("a", "b'c"))).isEqualTo("ARRAY['a', 'b''c']::text[]");
        assertThat(Quoting.texts(List.of())).isEqualTo("ARRAY[]::text[]");
    }

    @Test
    void a_nul_byte_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Quoting.identifier("a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Quoting.literal("a\0b"));
    }
}
