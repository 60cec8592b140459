// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.SQLException;

/** Flags of a database that keep it from being dropped. */
final class WedgeDeletion implements Attack {
    @Override
    public int number() {
        return 12;
    }

    @Override
    public String title() {
        return "keep the database from being dropped";
    }

    @Override
    public String wall() {
        return "the flags are the operator's; sessions are sent out; what is in the way is told";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        var database = Sql.id(scene.attacker.database());
        scene.forbidden("ALTER DATABASE " + database + " IS_TEMPLATE true");
        scene.forbidden("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        if (!scene.naive) {
            prepare(scene, "CREATE TABLE wedge ()", true);
            // A lock on its own login's row, which closing the login would have to change.
            prepare(scene, "SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'held'", false);
        }
        // Sessions that come back at once, and one that holds its own login's row.
        try (var holder = scene.naive ? null : scene.attacker.connect();
                var _ = new Reconnecting(scene.attacker)) {
            if (holder != null) {
                holder.setAutoCommit(false);
                Sql.first(holder, "SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'held'");
            }
            var trouble = scene.administration.remove(scene.attacker);
            if (trouble != null) {
                scene.gained("is still there: " + trouble);
            }
        }
    }

    /**
     * A prepared transaction outlives its session, and nobody but a superuser can end it. The access goes all the same, what
     * is in the way is told, and once it is gone so is the database, unless the team wants it back.
     */
    private static void prepare(Scene scene, String first, boolean named) throws SQLException {
        var database = scene.attacker.database();
        scene.attacker.sql("BEGIN; " + first + "; PREPARE TRANSACTION 'wedge'");
        var password = scene.attacker.password();
        var trouble = scene.administration.remove(scene.attacker);
        if (trouble == null || (named && !trouble.contains("ROLLBACK PREPARED"))) {
            scene.gained("nobody is told of the prepared transaction: " + trouble);
        }
        try (var session = scene.world.postgres().connect(database, scene.attacker.login(), password)) {
            scene.gained("still gets in: " + session.isValid(1));
        } catch (SQLException e) {
            scene.refused(Sql.words(e));
        }
        if (named) {
            scene.world.dba("postgres", "ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(Sql.id(database)));
        }
        scene.world.dba(database, "ROLLBACK PREPARED 'wedge'");
        scene.howdah().restore(scene.attacker);
    }
}
