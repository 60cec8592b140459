// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How large the claims' databases are, whoever is at work. */
@OnEveryServer
class DatabaseSizesIT {
    private final Ground ground;

    DatabaseSizesIT(Ground ground) {
        this.ground = ground;
    }

    @Test
    void databases_are_measured_while_all_places_are_taken() {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "size");
            var other = new TestClaim(ground, server, "shop", "unmeasured");
            claim.apply();
            other.apply();
            try (var _ = claim.begin();
                    var _ = other.begin()) {
                var sizes = server.databaseSizes();
                assertThat(sizes).containsKeys("shop_size", "shop_unmeasured").doesNotContainKey("postgres");
                assertThat(sizes.get("shop_size")).isBetween(1L << 20, 1L << 30);
            }
            // On 15 the admin has the rights of the database's owner.
            if (ground.kind() == AdminKind.PLAIN && ground.postgres().major() >= 16) {
                ground.asSuperuser(
                        "postgres",
                        "SET ROLE shop_unmeasured_database; REVOKE CONNECT ON DATABASE shop_unmeasured FROM \"platform admin\"");
                assertThat(server.databaseSizes()).containsKey("shop_size").doesNotContainKey("shop_unmeasured");
            }
            for (var each : new TestClaim[] {claim, other}) {
                each.retain(null);
                each.drop();
            }
        }
    }
}
