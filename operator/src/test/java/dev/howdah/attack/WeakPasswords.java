// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** A password that is hashed on the server is hashed as the session says. */
final class WeakPasswords implements Attack {
    @Override
    public int number() {
        return 7;
    }

    @Override
    public String title() {
        return "have passwords stored as md5";
    }

    @Override
    public String wall() {
        return "verifiers are computed by the operator; password_encryption in the startup packet";
    }

    @Override
    public void mount(Scene scene) {
        scene.setOnDatabase("password_encryption = 'md5'");
        scene.attempt("SET ROLE NONE; ALTER ROLE CURRENT_USER SET password_encryption = 'md5'");
        scene.administration.resetPassword(scene.attacker);
        var stored = scene.world.dba(
                "postgres",
                "SELECT string_agg(rolname, ', ') FROM pg_authid WHERE rolname = ANY (%s) AND rolpassword NOT LIKE 'SCRAM-SHA-256$%%'"
                        .formatted(Sql.array(scene.attacker.roles())));
        if (stored != null) {
            scene.gained("not a SCRAM verifier: " + stored);
        }
    }
}
