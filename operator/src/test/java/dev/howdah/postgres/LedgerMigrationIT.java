// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.plan.EffectiveClaims;
import dev.howdah.plan.Login;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Demand;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A ledger that an earlier Howdah kept. */
@OnEveryServer
class LedgerMigrationIT {
    private final Ground ground;

    LedgerMigrationIT(Ground ground) {
        this.ground = ground;
    }

    /** As the first schema had it. */
    private static final String BACK_TO_THE_FIRST = """
            ALTER TABLE howdah.claim DROP COLUMN storage, DROP COLUMN retained_because,
              DROP COLUMN former_installation, DROP COLUMN consent_used, DROP COLUMN adopted;
            DROP INDEX howdah.journal_by_id;
            DROP TABLE howdah.role_left;
            ALTER TABLE howdah.login DROP COLUMN verifier;
            ALTER TABLE howdah.server DROP COLUMN operator_roles;
            ALTER TABLE howdah.login DROP COLUMN handled, DROP COLUMN next, DROP COLUMN previous_since,
              DROP COLUMN previous_seen, DROP COLUMN previous_in_use, DROP COLUMN previous_revoked;
            ALTER TABLE howdah.journal DROP COLUMN policies;
            UPDATE howdah.server SET schema_version = 1;
            UPDATE howdah.claim SET accepted = accepted - 'grounds'
              #- '{claim,credentials}' #- '{terms,credentials}' #- '{claim,storage}' #- '{claim,parameters}' #- '{terms,storage}' #- '{terms,parameters}'
              || jsonb_build_object('claim', accepted -> 'claim'
                   || '{"extensions": ["hstore"]}' #- '{credentials}' #- '{storage}' #- '{parameters}',
                 'terms', accepted -> 'terms' #- '{credentials}' #- '{storage}' #- '{parameters}')""";

    @Test
    void rows_of_the_first_schema_stay_and_are_read() throws SQLException {
        try (var postgres = TestPostgres.start(Ground.options(ground.postgres().major()))) {
            var own = Ground.on(postgres, ground.kind());
            var claim = new TestClaim(own, own.open(), "shop", "old").with(Specs.extensions("hstore"));
            claim.apply();
            own.asSuperuser("howdah", BACK_TO_THE_FIRST);

            try (var server = own.open()) {
                claim.moveTo(server);
                assertThat(own.asSuperuser("howdah", "SELECT schema_version FROM howdah.server"))
                        .isEqualTo(String.valueOf(LedgerSql.SCHEMA_VERSION));
                assertThat(server.readLedger()).hasSize(1);
                var row = claim.row();
                assertThat(row.demand()).isEqualTo(new Demand(0, 20));
                assertThat(row.accepted().claim().extensions()).containsExactly(new ExtensionRequest("hstore", null));
                assertThat(row.accepted().claim().storage()).isZero();
                assertThat(row.accepted().claim().parameters()).isEmpty();
                assertThat(row.accepted().claim().credentials()).isEqualTo(CredentialTerms.NONE);
                var login = row.logins().get("app");
                assertThat(login).isEqualTo(new Login("a", login.fingerprint(), login.rotated()));
                assertThat(row.accepted().grounds()).isEqualTo(EffectiveClaims.grounds(DatabaseClaimSpec.EMPTY));

                claim.apply();
                assertThat(claim.row().demand()).isEqualTo(new Demand(5L << 30, 20));
                assertThat(claim.sql("app", "SELECT 'a=>1'::hstore -> 'a'")).isEqualTo("1");
                assertThat(claim.apply().nothing()).isTrue();
            }
        }
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
