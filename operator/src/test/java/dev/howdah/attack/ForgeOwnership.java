// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** An owner may drop its database, and comment on it. */
final class ForgeOwnership implements Attack {
    @Override
    public int number() {
        return 13;
    }

    @Override
    public String title() {
        return "drop or rename the database, forge the marks of ownership";
    }

    @Override
    public String wall() {
        return "ownership is a row of the ledger, which no team can reach";
    }

    @Override
    public void mount(Scene scene) {
        var database = Sql.id(scene.attacker.database());
        scene.forbidden("COMMENT ON DATABASE " + database + " IS 'managed-by: neighbour'");
        scene.forbidden("SET ROLE NONE; ALTER DATABASE " + database + " RENAME TO gone");
        scene.attemptIn("postgres", "SET ROLE NONE; DROP DATABASE " + database);
        if (scene.world.dba(
                        "postgres", "SELECT 1 FROM pg_database WHERE datname = " + Sql.lit(scene.attacker.database()))
                == null) {
            scene.gained("dropped its database");
        }
        if (!scene.naive) {
            scene.attemptIn("howdah", "UPDATE howdah.claim SET database = 'postgres'");
            if (scene.attemptIn("howdah", "SELECT 1")) {
                scene.gained("reaches the ledger");
            }
        }
    }
}
