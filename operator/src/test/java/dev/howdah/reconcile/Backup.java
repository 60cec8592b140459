// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/** A base backup of a running server, as PostgreSQL's low-level API makes one, and where its WAL is archived. */
final class Backup {
    private final TestPostgres server;
    private final String data;

    private Backup(TestPostgres server) {
        this.server = server;
        this.data = Sql.rows(server, "postgres", "SHOW data_directory").getFirst();
    }

    /** Of a server that was started with {@code archive_mode = on}. */
    static Backup of(TestPostgres server) {
        var backup = new Backup(server);
        try (var session = server.connect("postgres")) {
            backup.shell("mkdir \"$DATA-archive\" && chown --reference=\"$DATA\" \"$DATA-archive\"");
            for (var setting : new String[] {
                "archive_command = 'cp %%p %s-archive/%%f'",
                "restore_command = 'cp %s-archive/%%f %%p'",
                "recovery_target_name = 'restored'",
                "recovery_target_action = 'promote'"
            }) {
                Sql.rows(session, "ALTER SYSTEM SET " + setting.formatted(backup.data));
            }
            Sql.rows(session, "SELECT pg_reload_conf()");
            Sql.rows(session, "SELECT pg_backup_start('backup', true)");
            backup.shell("cp -a \"$DATA\" \"$DATA-backup\" && cd \"$DATA-backup\" && rm -rf postmaster.pid pg_wal/0*");
            var label =
                    Sql.rows(session, "SELECT labelfile FROM pg_backup_stop()").getFirst();
            backup.shell("printf '%s' \"$TEXT\" > \"$DATA-backup/backup_label\"", label);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return backup;
    }

    /** What {@link #restore} comes back to. */
    void restorePoint() {
        Sql.rows(server, "postgres", "SELECT pg_create_restore_point('restored')");
    }

    /** The server as it was at the restore point, at the same address. */
    void restore() {
        Sql.rows(server, "postgres", "SELECT pg_switch_wal()");
        server.stop();
        shell("rm -rf \"$DATA\"/* && cp -a \"$DATA-backup/.\" \"$DATA\" && touch \"$DATA/recovery.signal\""
                + " && chown --reference=\"$DATA\" \"$DATA/recovery.signal\"");
        server.startAgain();
    }

    /** The same files under another server, which keeps its address: a copy that goes its own way from the restore point. */
    void restoreTo(TestPostgres other) {
        Sql.rows(server, "postgres", "SELECT pg_switch_wal()");
        var target = Sql.rows(other, "postgres", "SHOW data_directory").getFirst();
        other.stop();
        shell(
                "cd \"$TEXT\" && find . -mindepth 1 -maxdepth 1 ! -name postgresql.conf -exec rm -rf {} +"
                        + " && cp postgresql.conf \"$DATA-conf\" && cp -a \"$DATA-backup/.\" . && cp \"$DATA-conf\" postgresql.conf"
                        + " && touch recovery.signal && chown --reference=. recovery.signal postgresql.conf",
                target);
        other.startAgain();
    }

    private void shell(String script, String... text) {
        try {
            var process = new ProcessBuilder("/bin/sh", "-c", script).inheritIO();
            process.environment().put("DATA", data);
            process.environment().put("TEXT", text.length == 0 ? "" : text[0]);
            if (process.start().waitFor() != 0) {
                throw new AssertionError("failed: " + script);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
