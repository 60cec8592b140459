// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Step;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger's statements. It lives in a database of its own that no tenant can enter. */
final class LedgerSql {
    static final String DATABASE = "howdah";

    static final int SCHEMA_VERSION = 7;

    /** How far the journal has come: its last line. Its sequence may be ahead of that by 32 after a crash or a restore. */
    static final String POSITION = "(SELECT coalesce(max(id), 0) FROM howdah.journal)";

    /**
     * Forward migrations; n leads from version n to n+1. None that was released is edited: a change is a further one. There is
     * no release yet, and some were: commits had the third and fourth the other way round, and the sixth in two parts. Those
     * and the seventh look at what is there, so that the ledgers of such commits are brought up to date too.
     */
    static final List<String> MIGRATIONS =
            List.of("""
            CREATE SCHEMA howdah;
            CREATE TABLE howdah.server (
              only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
              ledger text NOT NULL,
              installation text NOT NULL,
              system_identifier text NOT NULL,
              major_version int NOT NULL,
              admin_role text NOT NULL,
              schema_version int NOT NULL);
            CREATE TABLE howdah.fence (
              only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
              epoch bigint NOT NULL,
              holder text NOT NULL);
            CREATE TABLE howdah.claim (
              claim_uid text PRIMARY KEY,
              namespace text NOT NULL,
              namespace_uid text NOT NULL,
              name text NOT NULL,
              database text NOT NULL UNIQUE,
              roles text[] NOT NULL,
              state text NOT NULL CHECK (state IN ('Provisioning', 'Active', 'Retained', 'Dropping')),
              connections int NOT NULL,
              accepted jsonb,
              bound_at timestamptz NOT NULL DEFAULT now(),
              retained_at timestamptz,
              drop_after timestamptz);
            CREATE TABLE howdah.login (
              claim_uid text NOT NULL REFERENCES howdah.claim ON UPDATE CASCADE ON DELETE CASCADE,
              access text NOT NULL,
              slot text NOT NULL CHECK (slot IN ('a', 'b')),
              fingerprint text NOT NULL,
              rotated_at timestamptz NOT NULL DEFAULT now(),
              PRIMARY KEY (claim_uid, access));
            CREATE SEQUENCE howdah.journal_id;
            CREATE TABLE howdah.journal (
              id bigint NOT NULL DEFAULT nextval('howdah.journal_id'),
              at timestamptz NOT NULL DEFAULT now(),
              epoch bigint NOT NULL,
              claim_uid text,
              claim text,
              database text,
              steps text[] NOT NULL,
              duration_ms int,
              sqlstate text) PARTITION BY RANGE (at);
            CREATE TABLE howdah.journal_other PARTITION OF howdah.journal DEFAULT;
            INSERT INTO howdah.fence (epoch, holder) VALUES (0, '');
            """, """
            ALTER TABLE howdah.claim ADD COLUMN storage bigint NOT NULL DEFAULT 0;
            """, LoginSql.MIGRATION, LoginSql.MIGRATION + """
            ALTER TABLE howdah.login ADD COLUMN IF NOT EXISTS verifier text;
            ALTER TABLE howdah.server ADD COLUMN IF NOT EXISTS operator_roles text[] NOT NULL DEFAULT '{}';
            """, """
            ALTER TABLE howdah.claim
              ADD COLUMN retained_because text,
              ADD COLUMN former_installation text,
              ADD COLUMN consent_used boolean NOT NULL DEFAULT false,
              ADD COLUMN adopted jsonb;
            """, """
            CREATE INDEX journal_by_id ON howdah.journal (id);
            ALTER TABLE howdah.journal ADD COLUMN policies jsonb;
            """, """
            CREATE TABLE howdah.role_left (
              role oid PRIMARY KEY,
              namespace_uid text NOT NULL,
              left_at timestamptz NOT NULL DEFAULT now());
            ALTER TABLE howdah.journal ADD COLUMN IF NOT EXISTS policies jsonb;
            """);

    private final long epoch;
    private final boolean readsPasswords;

    /** {@code readsPasswords}: whether this admin can see which verifier PostgreSQL holds. */
    LedgerSql(long epoch, boolean readsPasswords) {
        this.epoch = epoch;
        this.readsPasswords = readsPasswords;
    }

    /** Fails the transaction when another operator has taken over. */
    String fence() {
        return "SELECT ('" + SqlFailure.FENCED_OUT + ", the ledger is at epoch ' || epoch)::int FROM howdah.fence"
                + " WHERE epoch <> " + epoch;
    }

    List<String> reserve(Step.ReserveClaim s) {
        var id = s.identity();
        return List.of(
                taken(s.roles()),
                "INSERT INTO howdah.claim (claim_uid, namespace, namespace_uid, name, database, roles, state, storage,"
                        + " connections) VALUES (" + lit(id.uid()) + ", " + lit(id.namespace()) + ", "
                        + lit(id.namespaceUid())
                        + ", "
                        + lit(id.name()) + ", " + lit(s.database()) + ", " + Quoting.texts(s.roles())
                        + ", 'Provisioning', "
                        + s.demand().storage() + ", " + s.demand().connections() + ")");
    }

    /** Never one that another claim is bound to: whoever has the row has the database. */
    String rebind(Step.RebindClaim s) {
        return mustChange("UPDATE howdah.claim SET claim_uid = "
                + lit(s.identity().uid()) + ", namespace_uid = "
                + lit(s.identity().namespaceUid()) + ", state = "
                + lit(s.state().name()) + ", roles = "
                + Quoting.texts(s.roles()) + ", retained_at = NULL, retained_because = NULL, drop_after = NULL,"
                + " former_installation = NULL, consent_used = consent_used OR " + s.byPair() + " WHERE database = "
                + lit(s.database()) + " AND namespace = " + lit(s.identity().namespace()) + " AND name = "
                + lit(s.identity().name()));
    }

    /** The pair is used up with it: left standing, it hands nothing over to a namespace made anew. */
    String adopt(Step.AdoptClaim s) {
        var id = s.identity();
        return "INSERT INTO howdah.claim (claim_uid, namespace, namespace_uid, name, database, roles, state, storage,"
                + " connections, adopted, consent_used) VALUES (" + lit(id.uid()) + ", " + lit(id.namespace()) + ", "
                + lit(id.namespaceUid()) + ", " + lit(id.name()) + ", " + lit(s.database()) + ", "
                + Quoting.texts(s.roles()) + ", 'Provisioning', " + s.demand().storage() + ", "
                + s.demand().connections() + ", " + lit(Json.write(s.adopted())) + "::jsonb, true)";
    }

    /** The pairs that were acted on and no longer stand in the server's adoptions: they may consent anew. */
    String consentsAreOver(List<String> databases) {
        return "UPDATE howdah.claim SET consent_used = false WHERE consent_used AND database = ANY ("
                + Quoting.texts(databases) + ")";
    }

    /** From now on the ledger is this installation's; each row remembers whose it was until a claim here has it. */
    static String recover(String from, String to) {
        return "UPDATE howdah.claim SET former_installation = " + lit(from)
                + "; UPDATE howdah.server SET installation = " + lit(to) + " WHERE installation = " + lit(from);
    }

    String reservation(Step.RecordReservation s) {
        return mustChange("UPDATE howdah.claim SET roles = " + Quoting.texts(s.roles()) + ", storage = "
                + s.demand().storage() + ", connections = " + s.demand().connections() + where(s.uid()));
    }

    String forgetRoles(Step.ForgetRoles s) {
        return mustChange(
                "UPDATE howdah.claim SET roles = ARRAY(SELECT role FROM unnest(roles) WITH ORDINALITY AS u (role, n)"
                        + " WHERE role <> ALL (" + Quoting.texts(s.roles())
                        + ") OR EXISTS (SELECT FROM pg_roles WHERE rolname = role) ORDER BY n)" + where(s.uid()));
    }

    String accepted(Step.RecordAccepted s) {
        return mustChange("UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL,"
                + " retained_because = NULL, former_installation = NULL,"
                + " storage = " + s.accepted().claim().storage() + ", connections = "
                + s.accepted().claim().connections() + ", accepted = "
                + lit(Json.write(s.accepted())) + "::jsonb" + where(s.uid()));
    }

    String login(Step.RecordLogin s) {
        return LoginSql.record(s, verifier(s));
    }

    /** Of the verifier as PostgreSQL holds it now, however it came about. */
    private String verifier(Step.RecordLogin s) {
        return readsPasswords
                ? "(SELECT " + Facts.digest("a.rolpassword") + " FROM pg_authid a, howdah.claim c WHERE c.claim_uid = "
                        + lit(s.uid()) + " AND a.rolname = ANY (c.roles::name[]) AND "
                        + RoleSql.isLogin(
                                "a.rolname", lit(s.access()), lit(s.login().slot())) + ")"
                : "NULL";
    }

    String forgetLogin(Step.ForgetLogin s) {
        return "DELETE FROM howdah.login" + where(s.uid()) + " AND access = " + lit(s.access());
    }

    /** The first time counts: what was said then about dropping is not moved by saying it again. */
    String retained(Step.RecordRetained s) {
        var after = s.dropAfter();
        return mustChange("UPDATE howdah.claim SET state = 'Retained', drop_after = CASE WHEN retained_at IS NULL THEN "
                + (after == null ? "NULL" : "now() + make_interval(secs => " + after.toSeconds() + ")")
                + " ELSE drop_after END, retained_because = coalesce(retained_because, "
                + lit(s.because().name())
                + "), retained_at = coalesce(retained_at, now())" + where(s.uid()));
    }

    /** Never from Active: what is dropped was closed before. */
    String dropping(Step.RecordDropping s) {
        return mustChange("UPDATE howdah.claim SET state = 'Dropping'" + where(s.uid()) + " AND state <> 'Active'");
    }

    /**
     * Roles that something in another database depends on stay. They are remembered, for anybody can bring that about by a
     * GRANT to them: the claim they are named after may have them again, and nobody else.
     */
    List<String> forget(Step.ForgetClaim s) {
        return List.of(
                "DELETE FROM howdah.role_left WHERE role NOT IN (SELECT oid FROM pg_roles)",
                "INSERT INTO howdah.role_left (role, namespace_uid) SELECT r.oid, c.namespace_uid"
                        + " FROM howdah.claim c JOIN pg_roles r ON r.rolname = ANY (c.roles::name[])" + where(s.uid())
                        + " ON CONFLICT (role) DO UPDATE SET namespace_uid = excluded.namespace_uid",
                "DELETE FROM howdah.claim" + where(s.uid()));
    }

    /** They are a claim's again. */
    private static String taken(List<String> roles) {
        return "DELETE FROM howdah.role_left WHERE role IN (SELECT oid FROM pg_roles WHERE rolname = ANY ("
                + Quoting.texts(roles) + "::name[]))";
    }

    String journal(JournalEntry entry) {
        return "INSERT INTO howdah.journal (epoch, claim_uid, claim, database, steps, policies, duration_ms,"
                + " sqlstate) VALUES ("
                + epoch + ", " + lit(entry.claimUid()) + ", " + lit(entry.claim()) + ", "
                + lit(entry.database()) + ", " + Quoting.texts(entry.steps()) + ", "
                + (entry.policies().isEmpty() ? "NULL" : lit(Json.write(entry.policies())) + "::jsonb") + ", "
                + (entry.durationMillis() == null
                        ? "extract(epoch FROM clock_timestamp() - now()) * 1000"
                        : entry.durationMillis().toString())
                + ", " + (entry.sqlState() == null ? "NULL" : lit(entry.sqlState())) + ")";
    }

    /**
     * One line of the journal.
     *
     * @param policies and waivers behind it, with their generations
     * @param durationMillis {@code null} for the age of the transaction that writes it
     * @param sqlState of a failure, {@code null} for success
     */
    record JournalEntry(
            String claimUid,
            String claim,
            String database,
            List<String> steps,
            Map<String, Long> policies,
            @Nullable Long durationMillis,
            @Nullable String sqlState) {}

    /** Fails the transaction when the row is no longer as it was seen. */
    private static String mustChange(String update) {
        return "WITH changed AS (" + update + " RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ("
                + lit(SqlFailure.MOVED_ON + ", rows: ") + " || count(*))::int END FROM changed";
    }

    private static String where(String uid) {
        return " WHERE claim_uid = " + lit(uid);
    }

    private static String lit(String text) {
        return Quoting.literal(text);
    }
}
