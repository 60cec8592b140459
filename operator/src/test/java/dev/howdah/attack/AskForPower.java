// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Wish;
import java.util.Locale;

/** Attributes and memberships asked for in the claim, or taken. */
final class AskForPower implements Attack {
    @Override
    public int number() {
        return 17;
    }

    @Override
    public String title() {
        return "ask for SUPERUSER, CREATEROLE, BYPASSRLS, the neighbour's or the admin's role";
    }

    @Override
    public String wall() {
        return "a claim has no words for them; no role is granted WITH ADMIN";
    }

    @Override
    public void mount(Scene scene) {
        for (var words : new String[] {
            "SUPERUSER",
            "CREATEROLE",
            "CREATEDB",
            "REPLICATION",
            "BYPASSRLS",
            scene.administration.admin(),
            scene.victim.login(),
            "pg_read_all_data",
            "pg_write_all_data",
            "pg_signal_backend"
        }) {
            scene.request(Wish.ROLE, words);
            var role = words.equals(words.toUpperCase(Locale.ROOT)) ? null : Sql.id(words);
            var me = Sql.id(scene.attacker.login());
            scene.attempt("SET ROLE NONE; "
                    + (role == null ? "ALTER ROLE " + me + " " + words : "GRANT " + role + " TO " + me));
        }
        // Its own groups, handed on.
        for (var role : scene.attacker.roles()) {
            scene.attempt("SET ROLE NONE; GRANT %s TO %s WITH ADMIN OPTION"
                    .formatted(Sql.id(role), Sql.id(scene.victim.login())));
        }
        // On 15 a role may give itself away, which is the team's own loss.
        var shared = scene.world.dba("postgres", """
                SELECT string_agg(g.rolname, ', ') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                  JOIN pg_roles u ON u.oid = m.member
                WHERE g.rolname = ANY (%s) AND g.rolname <> %s AND u.rolname = %s""".formatted(
                Sql.array(scene.attacker.roles()), Sql.lit(scene.attacker.login()), Sql.lit(scene.victim.login())));
        if (shared != null) {
            scene.gained("handed on: " + shared);
        }
    }
}
