// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.ServerLog;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of the login before while applications are in with it. */
interface RotationsInUse extends Rotating {
    @Test
    default void rotateNowLeavesNothingOpen() throws SQLException {
        var ns = published("at-once", "long");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        try (var one = Sql.login(postgres(), first);
                var two = Sql.login(postgres(), second)) {
            assertThat(Sql.rows(one, "SELECT 1")).containsExactly("1");
            assertThat(Sql.rows(two, "SELECT 1")).containsExactly("1");
            ask(ns, Howdah.ROTATE_NOW, "1");
            var third = moved(ns, second);
            handled(ns, "1");
            closed(user(ns, "b"));
            assertThat(Secrets.value(third, "username")).isEqualTo(user(ns, "a"));
            assertThatThrownBy(() -> Sql.rows(one, "SELECT 1")).isInstanceOf(SQLException.class);
            isEnded(two);
            isShut(first);
            isShut(second);
            logsIn(third);
        }
        stage().ready(ns, "orders");
        ask(ns, Howdah.GROUP + "/look", "again");
        assertThat(rotations(ns)).isEqualTo(2);
        assertThat(stage().claims(ns, "orders").get().getMetadata().getAnnotations())
                .containsEntry(Howdah.ROTATE, "1")
                .containsEntry(Howdah.ROTATE_NOW, "1");
    }

    @Test
    default void aLoginInUseIsNotClosedUnderItsApplication() throws SQLException {
        var ns = published("in-use", "short");
        var first = secret(ns);
        Secret second;
        try (var app = Sql.login(postgres(), first)) {
            ask(ns, Howdah.ROTATE, "1");
            second = moved(ns, first);
            var told = stage().says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            assertThat(Seen.condition(told, "Ready").message())
                    .contains(user(ns, "a"), "still in use", Howdah.ROTATE_NOW);
            stage().stop();
            stage().start();
            ask(ns, Howdah.ROTATE, "2");
            stage().says(ns, "orders", "True", Reason.RotationPending);
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
            logsIn(first);
            assertThat(count(ns, Reason.PreviousCredentialInUse)).isEqualTo(1);
        }
        // It is idle from here on.
        Seen.until(
                stage().client.secrets().inNamespace(ns).withName("orders-db"),
                s -> Secrets.value(seen(s), "username").equals(user(ns, "a"))
                        && !Secrets.value(s, "password").equals(Secrets.value(first, "password")),
                "the rotation that waited is made");
        handled(ns, "2");
        isShut(first);
        logsIn(second);
    }

    @Test
    default void rotateNowEndsAUseThatDoesNotEnd() throws SQLException {
        var ns = published("cut-off", "short");
        var first = secret(ns);
        try (var app = Sql.login(postgres(), first)) {
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            stage().says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            ask(ns, Howdah.ROTATE_NOW, "now");
            moved(ns, second);
            handled(ns, "now");
            assertThatThrownBy(() -> Sql.rows(app, "SELECT 1")).isInstanceOf(SQLException.class);
            closed(user(ns, "b"));
            stage().ready(ns, "orders");
        }
    }

    @Test
    default void closeAfterEndsAUseThatDoesNotEnd() throws SQLException {
        var ns = published("close-after", "closing");
        var first = secret(ns);
        try (var app = Sql.login(postgres(), first)) {
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            var told = stage().says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            assertThat(Seen.condition(told, "Ready").message()).contains("in any case");
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
            closed(user(ns, "a"));
            isEnded(app);
            logsIn(second);
            stage().ready(ns, "orders");
        }
    }

    @Test
    default void itWorksWhenEveryConnectionIsTaken() throws SQLException {
        var ns = published("full", "short", "connections: 2");
        var first = secret(ns);
        var held = new ArrayList<Connection>();
        try {
            for (int i = 0; i < 2; i++) {
                held.add(Sql.login(postgres(), first));
                assertThat(Sql.rows(held.getLast(), "SET ROLE NONE; CREATE TABLE made_outside_%d (n int)".formatted(i)))
                        .isEmpty();
            }
            ask(ns, Howdah.ROTATE, "1");
            var second = moved(ns, first);
            assertThatThrownBy(() -> Sql.login(postgres(), second)).hasMessageContaining("too many connections");
            stage().says(ns, "orders", "True", Reason.PreviousCredentialInUse);
            held.getFirst().close();
            await().atMost(Stage.LONG).ignoreExceptions().untilAsserted(() -> logsIn(second));
            // Full again while the login before has something to be handed over.
            held.add(Sql.login(postgres(), second));
            ask(ns, Howdah.ROTATE_NOW, "1");
            var third = moved(ns, second);
            handled(ns, "1");
            await().atMost(Stage.LONG).ignoreExceptions().untilAsserted(() -> logsIn(third));
            closed(user(ns, "b"));
            try (var app = Sql.login(postgres(), third)) {
                assertThat(Sql.rows(app, "CREATE TABLE made_outside_never (n int)"))
                        .isEmpty();
                assertThat(
                                Sql.rows(
                                        app,
                                        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname LIKE 'made_outside%'"))
                        .containsExactly(ns + "_orders_owner");
            }
            assertThat(Sql.rows(
                            postgres(),
                            "postgres",
                            "SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                    .containsExactly("2");
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
    }

    /** Five applications that read their Secret and log in, over and over, while each of them is given ten passwords(). */
    @Test
    default void fiftyRotationsWithoutAFailedLogin() throws Exception {
        var claims = 5;
        var each = 10;
        var log = ServerLog.from(postgres());
        var ns = stage().namespace("fifty");
        for (int i = 0; i < claims; i++) {
            stage().claim(ns, "c" + i, "short");
        }
        for (int i = 0; i < claims; i++) {
            stage().ready(ns, "c" + i);
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
                        var secret = seen(stage().secret(ns, name + "-db"));
                        try (var app = Sql.login(postgres(), secret)) {
                            Sql.rows(app, "SELECT 1");
                            logins.incrementAndGet();
                            users.add(Secrets.value(secret, "username") + Secrets.value(secret, "password"));
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
                        stage().annotate(stage().claims(ns, name), Howdah.ROTATE, value);
                        Seen.until(
                                stage().claims(ns, name),
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
        assertThat(log.text().lines().filter(line -> line.contains("FATAL") && line.contains(ns)))
                .isEmpty();
    }
}
