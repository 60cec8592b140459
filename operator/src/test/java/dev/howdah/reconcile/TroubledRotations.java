// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.Scram;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A rotation that is cut short or that the server refuses, and a Secret that is lost in the overlap. */
interface TroubledRotations extends Rotating {
    @Test
    default void aLoginThatDoesNotWorkIsNotPublished() throws SQLException, IOException {
        var ns = published("refused", "short");
        var first = secret(ns);
        // What drift does not mend: the server itself turns the login away.
        var rules = Path.of(Sql.rows(postgres(), "postgres", "SHOW hba_file").getFirst());
        var before = Files.readString(rules);
        Files.writeString(rules, "host all \"" + user(ns, "b") + "\" all reject\n" + before);
        Sql.run(postgres(), "postgres", "SELECT pg_reload_conf()");
        ask(ns, Howdah.ROTATE, "1");
        var told = stage().says(ns, "orders", "True", Reason.LoginFailed);
        assertThat(Seen.condition(told, "Ready").message()).contains(user(ns, "b"), "works meanwhile");
        assertThat(told.getStatus().lastHandledRotate()).isNull();
        assertThat(secret(ns).getData()).isEqualTo(first.getData());
        logsIn(first);
        Files.writeString(rules, before);
        Sql.run(postgres(), "postgres", "SELECT pg_reload_conf()");
        ask(ns, Howdah.GROUP + "/look", "again");
        logsIn(moved(ns, first));
        handled(ns, "1");
        assertThat(count(ns, Reason.LoginFailed)).isEqualTo(1);
    }

    @Test
    default void aSecretLostInTheOverlapIsPublishedAgainInPlace() throws SQLException {
        var ns = published("lost", "long");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        stage().client.resource(second).delete();
        var third = seen(Seen.until(
                stage().client.secrets().inNamespace(ns).withName("orders-db"),
                s -> !s.getMetadata().getUid().equals(second.getMetadata().getUid()),
                "it is back"));
        assertThat(Secrets.value(third, "username")).isEqualTo(user(ns, "b"));
        logsIn(third);
        isShut(second);
        logsIn(first);
        stage().ready(ns, "orders");
        assertThat(stage().claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isEqualTo("1");
    }

    /** As if the process had ended after the Secret was written and before the ledger knew. */
    @Test
    default void aRotationCutAfterTheSecretIsFinished() throws SQLException {
        var ns = published("cut-late", "long");
        var first = secret(ns);
        stage().stop();
        var password = "a-password-known-to-the-test-" + stage().id;
        passwords().add(password);
        begun(ns, password);
        stage().client
                .resource(new SecretBuilder(first)
                        .addToStringData("username", user(ns, "b"))
                        .addToStringData("password", password)
                        .build())
                .update();
        stage().start();
        until(ns, c -> c.getStatus().access().getFirst().username().equals(user(ns, "b")), "the status follows");
        handled(ns, "cut");
        assertThat(Secrets.value(secret(ns), "password")).isEqualTo(password);
        assertThat(Secrets.value(secret(ns), "DATABASE_URL")).contains(password);
        logsIn(secret(ns));
        logsIn(first);
        assertThat(rotations(ns)).isZero();
        assertThat(Sql.ledger(
                        postgres(),
                        "SELECT next IS NULL AND previous_since IS NOT NULL FROM howdah.login JOIN howdah.claim USING (claim_uid) WHERE namespace = '"
                                + ns + "'"))
                .containsExactly("t");
    }

    /** As if the process had ended before the Secret was written. */
    @Test
    default void aRotationCutBeforeTheSecretIsMadeOnce() throws SQLException {
        var ns = published("cut-early", "long");
        var first = secret(ns);
        stage().stop();
        begun(ns, "nobody-knows-it-any-more");
        stage().start();
        var second = moved(ns, first);
        assertThat(Secrets.value(second, "password")).isNotEqualTo("nobody-knows-it-any-more");
        logsIn(second);
        logsIn(first);
        until(ns, c -> c.getStatus().access().getFirst().username().equals(user(ns, "b")), "the status follows");
        stage().stop();
        stage().start();
        stage().ready(ns, "orders");
        assertThat(secret(ns).getData()).isEqualTo(second.getData());
        assertThat(rotations(ns)).isEqualTo(1);
    }

    private void begun(String ns, String password) {
        var ledger = Sql.ledger(postgres(), "SELECT ledger FROM howdah.server").getFirst();
        Sql.run(
                postgres(),
                "postgres",
                "ALTER ROLE \"%s\" LOGIN CONNECTION LIMIT -1 PASSWORD '%s'"
                        .formatted(user(ns, "b"), Scram.verifier(password)));
        Sql.run(
                postgres(),
                "howdah",
                "UPDATE howdah.login l SET next = jsonb_build_object('fingerprint', '%s', 'atOnce', false, 'handled', jsonb_build_object('rotate', 'cut', 'last', 'cut')) FROM howdah.claim c WHERE c.claim_uid = l.claim_uid AND c.namespace = '%s'"
                        .formatted(Scram.fingerprint(ledger, user(ns, "b"), password), ns));
    }
}
