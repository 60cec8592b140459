// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.Scram;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Passwords are replaced while applications run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RotationCases {
    private static final Duration OVERLAP = Duration.ofSeconds(4);

    private final boolean superuser;
    private final TestPostgres postgres;
    private final Stage stage = Stage.open();
    /** Every password that was ever seen in a Secret. */
    private final Set<String> passwords = ConcurrentHashMap.newKeySet();

    RotationCases(int major, boolean superuser) {
        this.superuser = superuser;
        this.postgres = TestPostgres.start(PostgresOptions.major(major)
                .with("cluster_name", "rotation")
                .with("log_statement", "all")
                .with("log_connections", "on"));
    }

    @BeforeAll
    void offer() throws SQLException {
        if (superuser) {
            stage.server("main", postgres);
        } else {
            var admin = postgres.createAdmin("platform");
            stage.adminSecret("main", admin.name(), admin.password(), null);
            stage.serverObject("main", postgres.host(), postgres.port(), "disable");
        }
        var major = "majorVersions: [" + postgres.major() + "]";
        stage.classOn("short", "main", major, "defaults: {credentials: {overlap: " + OVERLAP.toSeconds() + "s}}");
        stage.classOn("long", "main", major);
        stage.classOn("closing", "main", major, "defaults: {credentials: {overlap: 1s, closeAfter: 8s}}");
    }

    /** Whatever was done above: no password is anywhere but in the Secrets. */
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
            for (var password : passwords) {
                assertThat(log + seen + ledger + objects).doesNotContain(password);
            }
        } finally {
            stage.close();
            postgres.close();
        }
    }

    private String published(String name, String className, String... spec) {
        var ns = stage.namespace(name);
        stage.claim(ns, "orders", className, spec);
        stage.ready(ns, "orders");
        return ns;
    }

    private Secret secret(String ns) {
        return seen(stage.secret(ns, "orders-db"));
    }

    private Secret seen(Secret secret) {
        passwords.add(Sql.value(secret, "password"));
        return secret;
    }

    private Secret moved(String ns, Secret before) {
        return seen(Seen.until(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                s -> !Sql.value(s, "username").equals(Sql.value(before, "username")),
                "the Secret names the other login"));
    }

    private void ask(String ns, String annotation, String value) {
        stage.annotate(stage.claims(ns, "orders"), annotation, value);
    }

    private DatabaseClaim until(String ns, java.util.function.Predicate<DatabaseClaim> wanted, String what) {
        return Seen.until(stage.claims(ns, "orders"), wanted, what);
    }

    private DatabaseClaim handled(String ns, String value) {
        return until(ns, claim -> value.equals(claim.getStatus().lastHandledRotate()), "handled " + value);
    }

    private static String user(String ns, String slot) {
        return ns + "_orders_app_" + slot;
    }

    private void logsIn(Secret secret) throws SQLException {
        try (var app = Sql.login(postgres, secret)) {
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
        }
    }

    private void isShut(Secret secret) {
        assertThatThrownBy(() -> Sql.login(postgres, secret)).isInstanceOf(SQLException.class);
    }

    private boolean open(String role) {
        return Sql.rows(postgres, "postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + role + "'")
                .getFirst()
                .equals("t");
    }

    private void closed(String role) {
        await(role + " is closed").atMost(Stage.LONG).until(() -> !open(role));
        assertThat(Sql.rows(postgres, "postgres", "SELECT rolconnlimit FROM pg_roles WHERE rolname = '" + role + "'"))
                .containsExactly("0");
    }

    private List<String> reasons(String ns) {
        return stage.reasons(stage.claims(ns, "orders").get());
    }

    private long count(String ns, Reason reason) {
        return reasons(ns).stream().filter(reason.name()::equals).count();
    }

    @Test
    void anAnnotationRotatesOnceAndTheNextOneWaits() throws SQLException {
        var ns = published("once", "short");
        var first = secret(ns);
        assertThat(Sql.value(first, "username")).isEqualTo(user(ns, "a"));
        var before = stage.claims(ns, "orders").get().getStatus().access().getFirst();

        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        var replaced = Instant.now();
        assertThat(Sql.value(second, "username")).isEqualTo(user(ns, "b"));
        assertThat(Sql.value(second, "DATABASE_URL")).contains(Sql.value(second, "password"), user(ns, "b"));
        logsIn(first);
        logsIn(second);
        var status = handled(ns, "1").getStatus();
        assertThat(status.access().getFirst().username()).isEqualTo(user(ns, "b"));
        assertThat(Instant.parse(status.access().getFirst().rotationTime()))
                .isAfterOrEqualTo(Instant.parse(before.rotationTime()))
                .isBeforeOrEqualTo(Instant.now().plusSeconds(1));
        await().untilAsserted(() -> assertThat(count(ns, Reason.Rotated)).isEqualTo(1));

        ask(ns, Howdah.ROTATE, "2");
        var waits = stage.says(ns, "orders", "True", Reason.RotationPending);
        assertThat(Seen.condition(waits, "Ready").message())
                .contains(user(ns, "a"), "not before 20", Howdah.ROTATE_NOW);
        assertThat(stage.claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isEqualTo("1");
        var third = moved(ns, second);
        assertThat(Duration.between(replaced, Instant.now())).isGreaterThan(OVERLAP.minusSeconds(1));
        logsIn(second);
        logsIn(third);
        isShut(first);
        handled(ns, "2");
        stage.ready(ns, "orders");
        assertThat(count(ns, Reason.RotationPending)).isEqualTo(1);
        closed(user(ns, "b"));
        isShut(second);
        logsIn(third);

        // Nothing else happens: the same values ask for nothing, nor does taking them away and giving them again.
        ask(ns, Howdah.ROTATE, null);
        ask(ns, Howdah.ROTATE, "2");
        ask(ns, Howdah.GROUP + "/look", "again");
        stage.stop();
        stage.start();
        stage.ready(ns, "orders");
        assertThat(secret(ns).getData()).isEqualTo(third.getData());
        assertThat(count(ns, Reason.Rotated)).isEqualTo(2);
        assertThat(rotations(ns)).isEqualTo(2);
    }

    /** By the ledger's journal. */
    private long rotations(String ns) {
        return Long.parseLong(Sql.ledger(
                        postgres,
                        "SELECT count(*) FROM howdah.journal WHERE claim = '%s/orders' AND sqlstate IS NULL AND steps::text LIKE '%%open login%%with a new password%%' AND steps::text NOT LIKE '%%generation%%'"
                                .formatted(ns))
                .getFirst());
    }

    @Test
    void theFirstValueOfANewClaimAsksForNothing() {
        var ns = stage.namespace("born");
        stage.client
                .resource(io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                        """
                        apiVersion: howdah.dev/v1alpha1
                        kind: DatabaseClaim
                        metadata: {name: orders, namespace: %s, annotations: {howdah.dev/rotate: "1"}}
                        spec: {className: %s}
                        """.formatted(ns, stage.named("long")), DatabaseClaim.class))
                .create();
        stage.ready(ns, "orders");
        handled(ns, "1");
        assertThat(Sql.value(secret(ns), "username")).isEqualTo(user(ns, "a"));
        assertThat(rotations(ns)).isZero();
        ask(ns, Howdah.ROTATE, "2");
        moved(ns, secret(ns));
    }

    @Test
    void rotateNowLeavesNothingOpen() throws SQLException {
        var ns = published("at-once", "long");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        try (var one = Sql.login(postgres, first);
                var two = Sql.login(postgres, second)) {
            assertThat(Sql.rows(one, "SELECT 1")).containsExactly("1");
            assertThat(Sql.rows(two, "SELECT 1")).containsExactly("1");
            ask(ns, Howdah.ROTATE_NOW, "1");
            var third = moved(ns, second);
            handled(ns, "1");
            closed(user(ns, "b"));
            assertThat(Sql.value(third, "username")).isEqualTo(user(ns, "a"));
            assertThatThrownBy(() -> Sql.rows(one, "SELECT 1")).isInstanceOf(SQLException.class);
            await().atMost(Stage.LONG)
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> Sql.rows(two, "SELECT 1")).isInstanceOf(SQLException.class));
            isShut(first);
            isShut(second);
            logsIn(third);
        }
        stage.ready(ns, "orders");
        ask(ns, Howdah.GROUP + "/look", "again");
        assertThat(rotations(ns)).isEqualTo(2);
        assertThat(stage.claims(ns, "orders").get().getMetadata().getAnnotations())
                .containsEntry(Howdah.ROTATE, "1")
                .containsEntry(Howdah.ROTATE_NOW, "1");
    }

    @Test
    void aLoginInUseIsNotClosedUnderItsApplication() throws SQLException {
        var ns = published("in-use", "short");
        var first = secret(ns);
        Secret second;
        try (var app = Sql.login(postgres, first)) {
            ask(ns, Howdah.ROTATE, "1");
            second = moved(ns, first);
            var told = stage.says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            assertThat(Seen.condition(told, "Ready").message())
                    .contains(user(ns, "a"), "still in use", Howdah.ROTATE_NOW);
            stage.stop();
            stage.start();
            ask(ns, Howdah.ROTATE, "2");
            stage.says(ns, "orders", "True", Reason.RotationPending);
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
            logsIn(first);
            assertThat(count(ns, Reason.PreviousCredentialInUse)).isEqualTo(1);
        }
        // It is idle from here on.
        Seen.until(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                s -> Sql.value(seen(s), "username").equals(user(ns, "a"))
                        && !Sql.value(s, "password").equals(Sql.value(first, "password")),
                "the rotation that waited is made");
        handled(ns, "2");
        isShut(first);
        logsIn(second);
    }

    @Test
    void rotateNowEndsAUseThatDoesNotEnd() throws SQLException {
        var ns = published("cut-off", "short");
        var first = secret(ns);
        try (var app = Sql.login(postgres, first)) {
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            stage.says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            ask(ns, Howdah.ROTATE_NOW, "now");
            moved(ns, second);
            handled(ns, "now");
            assertThatThrownBy(() -> Sql.rows(app, "SELECT 1")).isInstanceOf(SQLException.class);
            closed(user(ns, "b"));
            stage.ready(ns, "orders");
        }
    }

    @Test
    void closeAfterEndsAUseThatDoesNotEnd() throws SQLException {
        var ns = published("close-after", "closing");
        var first = secret(ns);
        try (var app = Sql.login(postgres, first)) {
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            var told = stage.says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            assertThat(Seen.condition(told, "Ready").message()).contains("in any case");
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
            closed(user(ns, "a"));
            await().atMost(Stage.LONG)
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> Sql.rows(app, "SELECT 1")).isInstanceOf(SQLException.class));
            logsIn(second);
            stage.ready(ns, "orders");
        }
    }

    @Test
    void aLoginThatDoesNotWorkIsNotPublished() throws SQLException, IOException {
        var ns = published("refused", "short");
        var first = secret(ns);
        // What drift does not mend: the server itself turns the login away.
        var rules = Path.of(Sql.rows(postgres, "postgres", "SHOW hba_file").getFirst());
        var before = Files.readString(rules);
        Files.writeString(rules, "host all \"" + user(ns, "b") + "\" all reject\n" + before);
        Sql.run(postgres, "postgres", "SELECT pg_reload_conf()");
        ask(ns, Howdah.ROTATE, "1");
        var told = stage.says(ns, "orders", "True", Reason.LoginFailed);
        assertThat(Seen.condition(told, "Ready").message()).contains(user(ns, "b"), "works meanwhile");
        assertThat(told.getStatus().lastHandledRotate()).isNull();
        assertThat(secret(ns).getData()).isEqualTo(first.getData());
        logsIn(first);
        Files.writeString(rules, before);
        Sql.run(postgres, "postgres", "SELECT pg_reload_conf()");
        ask(ns, Howdah.GROUP + "/look", "again");
        logsIn(moved(ns, first));
        handled(ns, "1");
        assertThat(count(ns, Reason.LoginFailed)).isEqualTo(1);
    }

    @Test
    void aSecretLostInTheOverlapIsPublishedAgainInPlace() throws SQLException {
        var ns = published("lost", "long");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        stage.client.resource(second).delete();
        var third = seen(Seen.until(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                s -> !s.getMetadata().getUid().equals(second.getMetadata().getUid()),
                "it is back"));
        assertThat(Sql.value(third, "username")).isEqualTo(user(ns, "b"));
        logsIn(third);
        isShut(second);
        logsIn(first);
        stage.ready(ns, "orders");
        assertThat(stage.claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isEqualTo("1");
    }

    @Test
    void itWorksWhenEveryConnectionIsTaken() throws SQLException {
        var ns = published("full", "short", "connections: 2");
        var first = secret(ns);
        var held = new ArrayList<Connection>();
        try {
            for (int i = 0; i < 2; i++) {
                held.add(Sql.login(postgres, first));
                assertThat(Sql.rows(held.getLast(), "SET ROLE NONE; CREATE TABLE made_outside_%d (n int)".formatted(i)))
                        .isEmpty();
            }
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            assertThatThrownBy(() -> Sql.login(postgres, second)).hasMessageContaining("too many connections");
            stage.says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            held.getFirst().close();
            await().atMost(Stage.LONG).ignoreExceptions().untilAsserted(() -> logsIn(second));
            // Full again while the login before has something to be handed over.
            held.add(Sql.login(postgres, second));
            ask(ns, Howdah.ROTATE_NOW, "1");
            var third = moved(ns, second);
            handled(ns, "1");
            await().atMost(Stage.LONG).ignoreExceptions().untilAsserted(() -> logsIn(third));
            closed(user(ns, "b"));
            try (var app = Sql.login(postgres, third)) {
                assertThat(Sql.rows(app, "CREATE TABLE made_outside_never (n int)"))
                        .isEmpty();
                assertThat(
                                Sql.rows(
                                        app,
                                        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname LIKE 'made_outside%'"))
                        .containsExactly(ns + "_orders_owner");
            }
            assertThat(Sql.rows(
                            postgres,
                            "postgres",
                            "SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                    .containsExactly("2");
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
    }

    /** As if the process had ended after the Secret was written and before the ledger knew. */
    @Test
    void aRotationCutAfterTheSecretIsFinished() throws SQLException {
        var ns = published("cut-late", "long");
        var first = secret(ns);
        stage.stop();
        var password = "a-password-known-to-the-test-" + stage.id;
        passwords.add(password);
        begun(ns, password);
        stage.client
                .resource(new SecretBuilder(first)
                        .addToData("username", base64(user(ns, "b")))
                        .addToData("password", base64(password))
                        .build())
                .update();
        stage.start();
        until(ns, c -> c.getStatus().access().getFirst().username().equals(user(ns, "b")), "the status follows");
        handled(ns, "cut");
        assertThat(Sql.value(secret(ns), "password")).isEqualTo(password);
        assertThat(Sql.value(secret(ns), "DATABASE_URL")).contains(password);
        logsIn(secret(ns));
        logsIn(first);
        assertThat(rotations(ns)).isZero();
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT next IS NULL AND previous_since IS NOT NULL FROM howdah.login JOIN howdah.claim USING (claim_uid) WHERE namespace = '"
                                + ns + "'"))
                .containsExactly("t");
    }

    /** As if the process had ended before the Secret was written. */
    @Test
    void aRotationCutBeforeTheSecretIsMadeOnce() throws SQLException {
        var ns = published("cut-early", "long");
        var first = secret(ns);
        stage.stop();
        begun(ns, "nobody-knows-it-any-more");
        stage.start();
        var second = moved(ns, first);
        assertThat(Sql.value(second, "password")).isNotEqualTo("nobody-knows-it-any-more");
        logsIn(second);
        logsIn(first);
        until(ns, c -> c.getStatus().access().getFirst().username().equals(user(ns, "b")), "the status follows");
        stage.stop();
        stage.start();
        stage.ready(ns, "orders");
        assertThat(secret(ns).getData()).isEqualTo(second.getData());
        assertThat(rotations(ns)).isEqualTo(1);
    }

    private void begun(String ns, String password) {
        var ledger = Sql.ledger(postgres, "SELECT ledger FROM howdah.server").getFirst();
        Sql.run(
                postgres,
                "postgres",
                "ALTER ROLE \"%s\" LOGIN CONNECTION LIMIT -1 PASSWORD '%s'"
                        .formatted(user(ns, "b"), Scram.verifier(password)));
        Sql.run(
                postgres,
                "howdah",
                "UPDATE howdah.login l SET next = jsonb_build_object('fingerprint', '%s', 'atOnce', false, 'handled', jsonb_build_object('rotate', 'cut', 'last', 'cut')) FROM howdah.claim c WHERE c.claim_uid = l.claim_uid AND c.namespace = '%s'"
                        .formatted(Scram.fingerprint(ledger, user(ns, "b"), password), ns));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachEntryHasATimeOfItsOwnAndChangesInTheOverlapHold() throws SQLException {
        var ns = published(
                "entries",
                "long",
                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadWrite}]");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        var report = seen(stage.secret(ns, "orders-report"));
        assertThat(Sql.value(report, "username")).isEqualTo(ns + "_orders_report_b");

        // Added now: its password is new, and the request is none for it.
        stage.patchSpec(
                stage.claims(ns, "orders"),
                "{access: [{name: app, role: Owner, binding: true, connections: 7}, {name: report, role: ReadOnly}, {name: more, role: ReadWrite}]}");
        stage.ready(ns, "orders");
        assertThat(Sql.value(seen(stage.secret(ns, "orders-more")), "username")).isEqualTo(ns + "_orders_more_a");
        assertThat(Sql.rows(
                        postgres,
                        "postgres",
                        "SELECT rolname || ' ' || rolcanlogin || ' ' || rolconnlimit FROM pg_roles WHERE starts_with(rolname, '"
                                + ns + "_orders_') AND rolname ~ '_[ab]$' ORDER BY 1"))
                .containsExactly(
                        ns + "_orders_app_a true 7",
                        ns + "_orders_app_b true 7",
                        ns + "_orders_more_a true -1",
                        ns + "_orders_more_b false 0",
                        ns + "_orders_report_a true -1",
                        ns + "_orders_report_b true -1");
        logsIn(first);
        logsIn(second);
        assertThat(stage.claims(ns, "orders").get().getStatus().access().get(1).role())
                .isEqualTo(AccessRole.ReadOnly);

        // Gone in its overlap: both of its logins are.
        stage.patchSpec(
                stage.claims(ns, "orders"),
                "{access: [{name: app, role: Owner, binding: true}, {name: more, role: ReadWrite}]}");
        stage.ready(ns, "orders");
        assertThat(Sql.roles(postgres, ns + "_orders_report")).isEmpty();
        logsIn(first);

        // Deleted in the overlap, and taken back: one login, a new password, nothing left of the overlap.
        var claim = stage.claims(ns, "orders").get();
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        isShut(first);
        isShut(second);
        stage.claim(ns, "orders", "long");
        stage.ready(ns, "orders");
        logsIn(secret(ns));
        isShut(first);
        assertThat(open(user(ns, "a"))).isFalse();
        assertThat(stage.claims(ns, "orders").get().getMetadata().getUid())
                .isNotEqualTo(claim.getMetadata().getUid());
        assertThat(stage.claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isNull();
    }

    @Test
    void aPolicyRotatesByAgeAlsoWhileANewerSpecIsRefused() throws SQLException {
        var ns = stage.namespace("aged-" + stage.id, java.util.Map.of("aged", stage.id));
        stage.claim(ns, "orders", "short");
        stage.ready(ns, "orders");
        var first = secret(ns);
        stage.patchSpec(stage.claims(ns, "orders"), "{extensions: [{name: nosuch}]}");
        until(ns, c -> Seen.condition(c, "Accepted").status().equals("False"), "the newer spec is refused");
        stage.policy(
                "aged",
                "Enforce",
                "target: {namespaceSelector: {matchLabels: {aged: \"" + stage.id + "\"}}}",
                "overrides: {credentials: {rotateEvery: 3s, overlap: 1s}}");
        var second = moved(ns, first);
        var third = moved(ns, second);
        logsIn(third);
        var status = until(
                        ns,
                        c -> c.getStatus().effective().stream()
                                .anyMatch(v -> v.path().equals("credentials.rotateEvery")),
                        "it says why")
                .getStatus();
        assertThat(status.effective())
                .anySatisfy(v -> {
                    assertThat(v.path()).isEqualTo("credentials.rotateEvery");
                    assertThat(v.value()).isEqualTo("3s");
                    assertThat(v.source()).isEqualTo("DatabasePolicy/" + stage.named("aged"));
                })
                .anySatisfy(v -> {
                    assertThat(v.path()).isEqualTo("credentials.overlap");
                    assertThat(v.value()).isEqualTo("1s");
                });
        assertThat(status.lastHandledRotate()).isNull();
        stage.policies("aged").delete();
    }

    /** Five applications that read their Secret and log in, over and over, while each of them is given ten passwords. */
    @Test
    void fiftyRotationsWithoutAFailedLogin() throws Exception {
        var claims = 5;
        var each = 10;
        var log = Files.size(postgres.logFile());
        var ns = stage.namespace("fifty");
        for (int i = 0; i < claims; i++) {
            stage.claim(ns, "c" + i, "short");
        }
        for (int i = 0; i < claims; i++) {
            stage.ready(ns, "c" + i);
        }
        var stop = new AtomicBoolean();
        var logins = new AtomicInteger();
        var failures = new CopyOnWriteArrayList<String>();
        var users = ConcurrentHashMap.<String>newKeySet();
        try (var clients = Executors.newFixedThreadPool(2 * claims)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < claims; i++) {
                var name = "c" + i;
                running.add(clients.submit(() -> {
                    while (!stop.get()) {
                        var secret = seen(stage.secret(ns, name + "-db"));
                        try (var app = Sql.login(postgres, secret)) {
                            Sql.rows(app, "SELECT 1");
                            logins.incrementAndGet();
                            users.add(Sql.value(secret, "username") + Sql.value(secret, "password"));
                        } catch (SQLException e) {
                            failures.add(name + ": " + e.getMessage());
                        }
                    }
                }));
            }
            var rotating = new ArrayList<Future<?>>();
            for (int i = 0; i < claims; i++) {
                var name = "c" + i;
                rotating.add(clients.submit(() -> {
                    for (int n = 1; n <= each; n++) {
                        var value = String.valueOf(n);
                        stage.annotate(stage.claims(ns, name), Howdah.ROTATE, value);
                        Seen.until(
                                stage.claims(ns, name),
                                c -> value.equals(c.getStatus().lastHandledRotate()),
                                name + " has rotated " + value + " times");
                    }
                }));
            }
            try {
                for (var one : rotating) {
                    one.get();
                }
            } finally {
                stop.set(true);
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(failures.toString(), e);
        }
        System.out.printf(
                "rotation: %d logins during %d rotations, %d failed%n", logins.get(), claims * each, failures.size());
        assertThat(failures).isEmpty();
        assertThat(users).hasSizeGreaterThanOrEqualTo(claims * each);
        var text = Files.readString(postgres.logFile());
        assertThat(text.substring((int) log).lines().filter(line -> line.contains("FATAL") && line.contains(ns)))
                .isEmpty();
    }
}
