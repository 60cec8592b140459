// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** Databases are copied from template1, where PUBLIC may create things on servers upgraded from 14. */
final class PlantInTemplate implements Attack {
    private static final String PLANT =
            "CREATE FUNCTION public.planted() RETURNS text LANGUAGE sql AS 'SELECT 1::text'";

    @Override
    public int number() {
        return 2;
    }

    @Override
    public String title() {
        return "leave a function in template1 for databases to come";
    }

    @Override
    public String wall() {
        return "databases are made from template0";
    }

    @Override
    public void mount(Scene scene) {
        // What pg_upgrade keeps of a server that was a 14 once.
        scene.world.dba("template1", "GRANT CREATE ON SCHEMA public TO PUBLIC");
        scene.world.dba("postgres", "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
        try {
            scene.attemptIn("template1", PLANT);
            var later = scene.administration.provide("later" + (scene.naive ? "n" : "h"));
            if (scene.world.dba(later.database(), "SELECT to_regproc('public.planted')") != null) {
                scene.gained("its function is in a database made later");
            }
            scene.administration.remove(later);
        } finally {
            scene.world.dba(
                    "template1", "DROP FUNCTION IF EXISTS public.planted; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        }
        // A server that began with 15 or later refuses it already.
        if (scene.attemptIn("template1", PLANT)) {
            scene.gained("may create in template1 without having been allowed to");
            scene.world.dba("template1", "DROP FUNCTION public.planted");
        }
    }
}
