// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.SQLException;

/** NOLOGIN ends no session, and everybody may change his own password. */
final class OutstayAccess implements Attack {
    @Override
    public int number() {
        return 21;
    }

    @Override
    public String title() {
        return "keep access that was taken back";
    }

    @Override
    public String wall() {
        return "sessions are ended when access is; the login is closed, not its password changed";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        scene.attempt("SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'of my own' VALID UNTIL 'infinity'");
        try (var session = scene.attacker.connect()) {
            scene.attempt("SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'of my own'");
            // Without the right to grant it this grants nothing, and holds the row that taking CONNECT away changes.
            scene.attempt(
                    session,
                    "BEGIN; GRANT CONNECT ON DATABASE " + Sql.id(scene.attacker.database())
                            + " TO PUBLIC; SET work_mem = '5MB'");
            var trouble = scene.administration.close(scene.attacker);
            if (trouble != null) {
                scene.gained("could not be closed: " + trouble);
            }
            if (scene.attempt(session, "SELECT 1")) {
                scene.gained("its session goes on");
            }
        }
        for (var password : new String[] {"of my own", scene.attacker.password()}) {
            try (var session =
                    scene.world.postgres().connect(scene.attacker.database(), scene.attacker.login(), password)) {
                scene.gained("logs in, connected=" + !session.isClosed());
            } catch (SQLException e) {
                scene.refused(Sql.words(e));
            }
        }
    }
}
