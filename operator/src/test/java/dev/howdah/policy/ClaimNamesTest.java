// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimNamesTest {
    private static final int LONGEST_ROLE = 63;
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);

    @Test
    void a_short_name_is_namespace_and_name() {
        var names = ClaimNames.of("shop", "orders");
        assertThat(names.database()).isEqualTo("shop_orders");
        assertThat(names.roles(List.of("app")))
                .containsExactly(
                        "shop_orders_database",
                        "shop_orders_owner",
                        "shop_orders_readwrite",
                        "shop_orders_readonly",
                        "shop_orders_app_a",
                        "shop_orders_app_b");
    }

    @Test
    void a_name_that_is_too_long_ends_in_a_hash() {
        var longest = ClaimNames.of("n".repeat(20), "c".repeat(23));
        assertThat(longest.database()).hasSize(44).isEqualTo("n".repeat(20) + "_" + "c".repeat(23));
        var tooLong = ClaimNames.of("n".repeat(20), "c".repeat(24));
        assertThat(tooLong.database()).hasSize(44).matches("n{20}_c{12}-[0-9a-f]{10}");
        assertThat(tooLong).isEqualTo(ClaimNames.of("n".repeat(20), "c".repeat(24)));
        assertThat(tooLong).isNotEqualTo(ClaimNames.of("n".repeat(20), "c".repeat(25)));
    }

    @Test
    void no_two_claims_share_a_database_or_a_role() {
        System.out.println("ClaimNamesTest: -Dhowdah.seed=" + SEED);
        var random = new Random(SEED);
        var owners = new HashMap<String, String>();
        for (int i = 0; i < 20_000; i++) {
            var namespace = label(random, 63);
            var name = label(random, 63);
            var access = label(random, 16);
            var names = ClaimNames.of(namespace, name);
            for (var role : names.roles(List.of(access))) {
                assertThat(role.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LONGEST_ROLE);
            }
            var claim = namespace + "/" + name;
            assertThat(owners.merge(names.database(), claim, (one, other) -> one))
                    .as("seed %d", SEED)
                    .isEqualTo(claim);
            for (var role : names.roles(List.of(access))) {
                assertThat(owners.merge("role " + role, claim, (one, other) -> one))
                        .as("seed %d", SEED)
                        .isEqualTo(claim);
            }
        }
    }

    /** Few letters, so that names come close to each other. */
    private static String label(Random random, int longest) {
        var length = random.nextInt(4) == 0 ? longest : 1 + random.nextInt(longest);
        var inner = random.ints(length, 0, 4)
                .mapToObj("ab-0"::charAt)
                .map(String::valueOf)
                .collect(Collectors.joining());
        return ("a" + inner).substring(0, length).replaceAll("-$", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres",
                "template0",
                "template1",
                "howdah",
                "rdsadmin",
                "cloudsqladmin",
                "azure_sys",
                "azure_maintenance",
                "alloydbadmin",
                "Postgres"
            })
    void what_belongs_to_others_is_reserved(String database) {
        assertThat(ClaimNames.reserved(database)).isTrue();
    }

    @Test
    void the_names_a_provider_reserves_can_be_formed_and_are_caught() {
        assertThat(ClaimNames.reserved(ClaimNames.of("azure", "sys").database()))
                .isTrue();
        assertThat(ClaimNames.of("pg", "orders").rolesReserved()).isTrue();
        assertThat(ClaimNames.of("pgx", "orders").rolesReserved()).isFalse();
    }
}
