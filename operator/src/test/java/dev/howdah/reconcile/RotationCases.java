// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServerSpec.PasswordMode;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Passwords are replaced while applications run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RotationCases implements AskedRotations, RotationsInUse, TroubledRotations {
    private final boolean superuser;
    private final PasswordMode mode;
    private final TestPostgres postgres;
    private final Stage stage = Stage.open();
    private final Set<String> passwords = ConcurrentHashMap.newKeySet();

    RotationCases(int major, boolean superuser) {
        this(major, superuser, PasswordMode.Verifier);
    }

    RotationCases(int major, boolean superuser, PasswordMode mode) {
        this.superuser = superuser;
        this.mode = mode;
        this.postgres = TestPostgres.start(PostgresOptions.major(major)
                .with("cluster_name", "rotation")
                .with("log_statement", "all")
                .with("log_connections", "on"));
    }

    @Override
    public Stage stage() {
        return stage;
    }

    @Override
    public TestPostgres postgres() {
        return postgres;
    }

    @Override
    public Set<String> passwords() {
        return passwords;
    }

    @BeforeAll
    void offer() throws SQLException {
        if (superuser) {
            stage.server("main", postgres);
        } else {
            stage.plainServer("main", postgres);
        }
        stage.patchSpec(stage.servers("main"), "{passwordMode: " + mode + "}");
        var major = "majorVersions: [" + postgres.major() + "]";
        stage.classOn("short", "main", major, "defaults: {credentials: {overlap: " + OVERLAP.toSeconds() + "s}}");
        stage.classOn("long", "main", major);
        stage.classOn("closing", "main", major, "defaults: {credentials: {overlap: 1s, closeAfter: 8s}}");
    }

    /** Whatever was done above: no password is anywhere but in the Secrets. The log shows what the server is told. */
    @AfterAll
    void end() throws Exception {
        try {
            assertThat(passwords).isNotEmpty();
            var log = Files.readString(postgres.logFile());
            assertThat(log).as("the log shows statements").contains("ALTER ROLE");
            var seen = Sql.rows(
                    postgres,
                    "postgres",
                    "SELECT string_agg(query, ' ') FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
            var ledger = Sql.ledger(
                    postgres,
                    "SELECT string_agg(j::text, ' ') || (SELECT string_agg(l::text, ' ') FROM howdah.login l) || (SELECT string_agg(c::text, ' ') FROM howdah.claim c) FROM howdah.journal j");
            var objects = new StringBuilder();
            stage.client
                    .events()
                    .v1()
                    .events()
                    .inAnyNamespace()
                    .list()
                    .getItems()
                    .forEach(e -> objects.append(e.getNote()));
            stage.client
                    .resources(DatabaseClaim.class)
                    .inAnyNamespace()
                    .list()
                    .getItems()
                    .forEach(objects::append);
            assertThat(ledger.getFirst()).as("the ledger shows its rows").contains("orders");
            for (var password : passwords) {
                assertThat((mode == PasswordMode.Server ? "" : log) + seen + ledger + objects)
                        .doesNotContain(password);
            }
        } finally {
            stage.close();
            postgres.close();
        }
    }
}
