// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Login;
import dev.howdah.plan.Rotation;
import dev.howdah.plan.Step;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ledger's statements about logins and their rotation, and what is looked at for that. */
final class LoginSql {
    static final String MIGRATION = """
            ALTER TABLE howdah.login
              ADD COLUMN IF NOT EXISTS handled jsonb,
              ADD COLUMN IF NOT EXISTS next jsonb,
              ADD COLUMN IF NOT EXISTS previous_since timestamptz,
              ADD COLUMN IF NOT EXISTS previous_seen timestamptz,
              ADD COLUMN IF NOT EXISTS previous_in_use boolean NOT NULL DEFAULT false,
              ADD COLUMN IF NOT EXISTS previous_revoked boolean NOT NULL DEFAULT false;
            """;

    /** Of a row {@code l}. */
    static final String JSON = """
            json_build_object('slot', l.slot, 'fingerprint', l.fingerprint, 'rotated', l.rotated_at,
                'handled', l.handled, 'next', l.next, 'previousSince', l.previous_since,
                'previousSeen', l.previous_seen, 'previousInUse', l.previous_in_use,
                'previousRevoked', l.previous_revoked)""";

    /** Notes which roles that were published before are in use now. */
    static final String NOTE_USE =
            """
            UPDATE howdah.login l SET previous_seen = clock_timestamp() FROM howdah.claim c
            WHERE c.claim_uid = l.claim_uid AND c.state = 'Active' AND l.previous_since IS NOT NULL
              AND EXISTS (SELECT FROM pg_stat_activity a
                WHERE a.usename = ANY (c.roles::name[]) AND %s)""".formatted(RoleSql.isLogin("a.usename", "l.access", "CASE l.slot WHEN 'a' THEN 'b' ELSE 'a' END"));

    private LoginSql() {}

    /** {@code verifier} is an expression for what is kept of the one that PostgreSQL holds. */
    static String record(Step.RecordLogin s, String verifier) {
        var login = s.login();
        var previous = login.previous();
        return "INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, handled, next,"
                + " previous_since, previous_seen, previous_in_use, previous_revoked, verifier) VALUES (" + lit(s.uid())
                + ", " + lit(s.access()) + ", " + lit(login.slot()) + ", " + lit(login.fingerprint()) + ", "
                + time(login.rotated()) + ", "
                + json(login.handled().equals(Login.Handled.NONE) ? null : login.handled()) + ", " + json(login.next())
                + ", "
                + (previous == null
                        ? "NULL, NULL, false, false"
                        : time(previous.since()) + ", " + time(previous.seen()) + ", " + previous.inUse() + ", "
                                + previous.revoked())
                + ", " + verifier
                + ") ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot,"
                + " fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, handled = excluded.handled,"
                + " next = excluded.next, previous_since = excluded.previous_since,"
                + " previous_seen = excluded.previous_seen, previous_in_use = excluded.previous_in_use,"
                + " previous_revoked = excluded.previous_revoked, verifier = excluded.verifier";
    }

    /** Who is in with one of these roles, and which of them own something, in whatever database. */
    static String look(List<String> roles) {
        return """
        SELECT json_build_object('now', clock_timestamp(),
          'inSession', (SELECT coalesce(json_agg(DISTINCT a.usename), '[]') FROM pg_stat_activity a
            WHERE a.usename = ANY (%1$s)),
          'owning', (SELECT coalesce(json_agg(DISTINCT r.rolname), '[]') FROM pg_roles r JOIN pg_shdepend d
            ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o'
            WHERE r.rolname = ANY (%1$s)))::text""".formatted(Quoting.texts(roles));
    }

    static Rotation.Seen seen(String json) {
        var read = Json.read(json, SeenJson.class);
        return new Rotation.Seen(read.now().toInstant(), read.inSession(), read.owning());
    }

    record SeenJson(OffsetDateTime now, Set<String> inSession, Set<String> owning) {}

    record LoginJson(
            String slot,
            String fingerprint,
            OffsetDateTime rotated,
            Login.@Nullable Handled handled,
            Login.@Nullable Next next,
            @Nullable OffsetDateTime previousSince,
            @Nullable OffsetDateTime previousSeen,
            boolean previousInUse,
            boolean previousRevoked) {
        Login toLogin() {
            return new Login(
                    slot,
                    fingerprint,
                    rotated.toInstant(),
                    handled == null ? Login.Handled.NONE : handled,
                    next,
                    previousSince == null
                            ? null
                            : new Login.Previous(
                                    previousSince.toInstant(),
                                    previousSeen == null ? null : previousSeen.toInstant(),
                                    previousInUse,
                                    previousRevoked));
        }
    }

    private static String json(@Nullable Object value) {
        return value == null ? "NULL" : lit(Json.write(value)) + "::jsonb";
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "NULL" : lit(time.toString());
    }

    private static String lit(String text) {
        return Quoting.literal(text);
    }
}
