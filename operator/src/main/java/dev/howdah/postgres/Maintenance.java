// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

/** Statements a server needs now and then, whatever its claims. */
final class Maintenance {
    static final String PATIENCE = "SET statement_timeout = '20s'";

    /** Of the databases in the ledger, those that PostgreSQL lets this admin measure. */
    static final String SIZES = """
            SELECT coalesce(json_agg(json_build_object('database', d.datname, 'bytes', pg_database_size(d.oid))), '[]')::text
            FROM howdah.claim c JOIN pg_database d ON d.datname = c.database
            WHERE d.datconnlimit <> -2 AND (has_database_privilege(d.oid, 'CONNECT')
              OR pg_has_role('pg_read_all_stats', 'USAGE'))""";

    record Size(String database, long bytes) {}

    /** Only what can be revoked without a warning: PostgreSQL says nothing of a right that was not there. */
    static final String HARDEN =
            "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC; REVOKE CONNECT ON DATABASE template1 FROM PUBLIC";

    private Maintenance() {}

    /** This month's partition and the next two. A month whose lines went to the default partition stays there. */
    static String journalPartitions() {
        return """
        DO $do$ DECLARE month timestamp; BEGIN
          FOR i IN 0..2 LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i);
            IF to_regclass('howdah.journal_' || to_char(month, 'YYYYMM')) IS NULL THEN
              BEGIN
                EXECUTE format('CREATE TABLE howdah.%I PARTITION OF howdah.journal FOR VALUES FROM (%L) TO (%L)',
                  'journal_' || to_char(month, 'YYYYMM'), month || 'Z', month + interval '1 month' || 'Z');
              EXCEPTION WHEN check_violation THEN NULL;
              END;
            END IF;
          END LOOP;
        END $do$""";
    }

    /** The newest line stays however old it is: by it a ledger is known that went back. */
    static String prune(int retentionDays) {
        return """
        DO $do$ DECLARE part text; newest timestamptz := (SELECT at FROM howdah.journal ORDER BY id DESC LIMIT 1); BEGIN
          FOR part IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'howdah' AND c.relname ~ '^journal_[0-9]{6}$'
                AND to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' < least(now() - interval '%1$d days', newest) LOOP
            EXECUTE format('DROP TABLE howdah.%%I', part);
          END LOOP;
          DELETE FROM howdah.journal_other WHERE at < least(now() - interval '%1$d days', newest);
        END $do$""".formatted(retentionDays);
    }
}
