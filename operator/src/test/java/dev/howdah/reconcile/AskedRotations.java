// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A password is replaced when an annotation or a policy asks for it, once, and for each entry by itself. */
interface AskedRotations extends Rotating {
    @Test
    default void anAnnotationRotatesOnceAndTheNextOneWaits() throws SQLException {
        var ns = published("once", "short");
        var first = secret(ns);
        assertThat(Secrets.value(first, "username")).isEqualTo(user(ns, "a"));
        var before = stage().claims(ns, "orders").get().getStatus().access().getFirst();

        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        var replaced = Instant.now();
        assertThat(Secrets.value(second, "username")).isEqualTo(user(ns, "b"));
        assertThat(Secrets.value(second, "DATABASE_URL")).contains(Secrets.value(second, "password"), user(ns, "b"));
        logsIn(first);
        logsIn(second);
        var status = handled(ns, "1").getStatus();
        assertThat(status.access().getFirst().username()).isEqualTo(user(ns, "b"));
        assertThat(Instant.parse(status.access().getFirst().rotationTime()))
                .isAfterOrEqualTo(Instant.parse(before.rotationTime()))
                .isBeforeOrEqualTo(Instant.now().plusSeconds(1));
        await().untilAsserted(() -> assertThat(count(ns, Reason.Rotated)).isEqualTo(1));

        ask(ns, Howdah.ROTATE, "2");
        var waits = stage().says(ns, "orders", "True", Reason.RotationPending);
        assertThat(Seen.condition(waits, "Ready").message())
                .contains(user(ns, "a"), "not before 20", Howdah.ROTATE_NOW);
        assertThat(stage().claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isEqualTo("1");
        var third = moved(ns, second);
        assertThat(Duration.between(replaced, Instant.now())).isGreaterThan(OVERLAP.minusSeconds(1));
        logsIn(second);
        logsIn(third);
        isShut(first);
        handled(ns, "2");
        stage().ready(ns, "orders");
        assertThat(count(ns, Reason.RotationPending)).isEqualTo(1);
        closed(user(ns, "b"));
        isShut(second);
        logsIn(third);

        // Nothing else happens: the same values ask for nothing, nor does taking them away and giving them again.
        ask(ns, Howdah.ROTATE, null);
        ask(ns, Howdah.ROTATE, "2");
        ask(ns, Howdah.GROUP + "/look", "again");
        stage().stop();
        stage().start();
        stage().ready(ns, "orders");
        assertThat(secret(ns).getData()).isEqualTo(third.getData());
        assertThat(count(ns, Reason.Rotated)).isEqualTo(2);
        assertThat(rotations(ns)).isEqualTo(2);
    }

    @Test
    default void theFirstValueOfANewClaimAsksForNothing() {
        var ns = stage().namespace("born");
        stage().client
                .resource(Serialization.unmarshal("""
                        apiVersion: howdah.dev/v1alpha1
                        kind: DatabaseClaim
                        metadata: {name: orders, namespace: %s, annotations: {howdah.dev/rotate: "1"}}
                        spec: {className: %s}
                        """.formatted(ns, stage().named("long")), DatabaseClaim.class))
                .create();
        stage().ready(ns, "orders");
        handled(ns, "1");
        assertThat(Secrets.value(secret(ns), "username")).isEqualTo(user(ns, "a"));
        assertThat(rotations(ns)).isZero();
        ask(ns, Howdah.ROTATE, "2");
        moved(ns, secret(ns));
    }

    @Test
    default void eachEntryHasATimeOfItsOwnAndChangesInTheOverlapHold() throws SQLException {
        var ns = published(
                "entries",
                "long",
                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadWrite}]");
        var first = secret(ns);
        ask(ns, Howdah.ROTATE, "1");
        var second = moved(ns, first);
        handled(ns, "1");
        var report = seen(stage().secret(ns, "orders-report"));
        assertThat(Secrets.value(report, "username")).isEqualTo(ns + "_orders_report_b");

        // Added now: its password is new, and the request is none for it.
        stage().patchSpec(
                        stage().claims(ns, "orders"),
                        "{access: [{name: app, role: Owner, binding: true, connections: 7}, {name: report, role: ReadOnly}, {name: more, role: ReadWrite}]}");
        stage().ready(ns, "orders");
        assertThat(Secrets.value(seen(stage().secret(ns, "orders-more")), "username"))
                .isEqualTo(ns + "_orders_more_a");
        assertThat(Sql.rows(
                        postgres(),
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
        assertThat(stage().claims(ns, "orders")
                        .get()
                        .getStatus()
                        .access()
                        .get(1)
                        .role())
                .isEqualTo(AccessRole.ReadOnly);

        // Gone in its overlap: both of its logins are.
        stage().patchSpec(
                        stage().claims(ns, "orders"),
                        "{access: [{name: app, role: Owner, binding: true}, {name: more, role: ReadWrite}]}");
        stage().ready(ns, "orders");
        assertThat(Sql.roles(postgres(), ns + "_orders_report")).isEmpty();
        logsIn(first);

        // Deleted in the overlap, and taken back: one login, a new password, nothing left of the overlap.
        var claim = stage().claims(ns, "orders").get();
        stage().claims(ns, "orders").delete();
        Seen.gone(stage().claims(ns, "orders"));
        isShut(first);
        isShut(second);
        stage().claim(ns, "orders", "long");
        stage().ready(ns, "orders");
        logsIn(secret(ns));
        isShut(first);
        assertThat(open(user(ns, "a"))).isFalse();
        assertThat(stage().claims(ns, "orders").get().getMetadata().getUid())
                .isNotEqualTo(claim.getMetadata().getUid());
        assertThat(stage().claims(ns, "orders").get().getStatus().lastHandledRotate())
                .isNull();
    }

    @Test
    default void aPolicyRotatesByAgeAlsoWhileANewerSpecIsRefused() throws SQLException {
        var ns = stage().namespace("aged-" + stage().id, Map.of("aged", stage().id));
        stage().claim(ns, "orders", "short");
        stage().ready(ns, "orders");
        var first = secret(ns);
        stage().patchSpec(stage().claims(ns, "orders"), "{extensions: [{name: nosuch}]}");
        until(ns, c -> Seen.condition(c, "Accepted").status().equals("False"), "the newer spec is refused");
        stage().policy(
                        "aged",
                        "Enforce",
                        "target: {namespaceSelector: {matchLabels: {aged: \"" + stage().id + "\"}}}",
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
                    assertThat(v.source()).isEqualTo("DatabasePolicy/" + stage().named("aged"));
                })
                .anySatisfy(v -> {
                    assertThat(v.path()).isEqualTo("credentials.overlap");
                    assertThat(v.value()).isEqualTo("1s");
                });
        assertThat(status.lastHandledRotate()).isNull();
        stage().policies("aged").delete();
    }
}
