// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Wish;

/** An owner installs every trusted extension, and whoever owns the schema takes an extension away. */
final class HelpItselfToExtensions implements Attack {
    @Override
    public int number() {
        return 14;
    }

    @Override
    public String title() {
        return "install extensions unasked, take installed ones away";
    }

    @Override
    public String wall() {
        return "no CREATE on the database for the team; extensions live in a schema of the admin's";
    }

    @Override
    public void mount(Scene scene) {
        scene.forbidden("SET ROLE NONE; CREATE EXTENSION pgcrypto");
        scene.forbidden("CREATE EXTENSION pgcrypto");
        scene.request(Wish.EXTENSION, "hstore");
        for (var drop :
                new String[] {"DROP SCHEMA public CASCADE", "DROP SCHEMA extensions CASCADE", "DROP EXTENSION hstore"
                }) {
            scene.attempt(drop);
        }
        if (scene.world.dba(scene.attacker.database(), "SELECT 1 FROM pg_extension WHERE extname = 'hstore'") == null) {
            scene.gained("took the extension away");
        }
    }
}
