// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A policy retires an extension while claims have it: time alone makes the warning a refusal, and nothing is dropped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetiringIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    @Test
    void the_day_comes_by_itself() {
        var ns = stage.namespace("retiring");
        var time = stage.clock.instant().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        stage.policy(
                "retiring",
                "Enforce",
                "target: {classNames: [%s]}".formatted(stage.named("standard")),
                "limits: {extensions: [{name: hstore, retireTime: \"%s\"}, {name: pg_trgm}]}".formatted(time));
        stage.claim(ns, "early", "standard", "extensions: [{name: hstore}]");
        var warned = Seen.until(
                stage.claims(ns, "early"),
                claim -> claim.getStatus() != null
                        && Seen.is(claim.getStatus().conditions(), "Ready", "True", Reason.Provisioned)
                        && claim.getStatus().violations() != null,
                "is ready and warned");
        assertThat(warned.getStatus().violations()).singleElement().satisfies(violation -> {
            assertThat(violation.mode()).isEqualTo(Enforcement.Warn);
            assertThat(violation.message()).contains("will be retired at " + time);
        });
        assertThat(Seen.is(warned.getStatus().conditions(), "Compliant", "False", Reason.PolicyViolation))
                .isTrue();

        // Ten seconds before, and nobody touches anything.
        stage.stop();
        stage.clock.advance(Duration.between(stage.clock.instant(), time.minusSeconds(10)));
        stage.start();
        var after = Seen.until(
                stage.claims(ns, "early"),
                claim -> claim.getStatus().violations().getFirst().mode() == Enforcement.Enforce,
                "the time has come");
        assertThat(stage.clock.instant()).isAfterOrEqualTo(time);
        assertThat(after.getStatus().violations().getFirst().message()).contains("is retired since " + time);
        assertThat(Seen.condition(after, "Ready").status()).isEqualTo("True");
        assertThat(Seen.condition(after, "Accepted").status()).isEqualTo("True");
        assertThat(Sql.rows(postgres, ns + "_early", "SELECT extname FROM pg_extension ORDER BY 1"))
                .contains("hstore");

        stage.claim(ns, "late", "standard", "extensions: [{name: hstore}]");
        var late = stage.says(ns, "late", "False", Reason.ExtensionNotAllowed);
        assertThat(Seen.condition(late, "Ready").message()).contains("is retired since " + time);
        // What has it may change everything else.
        stage.patchSpec(stage.claims(ns, "early"), "{connections: 7}");
        Seen.until(
                stage.claims(ns, "early"),
                claim -> Integer.valueOf(7).equals(claim.getStatus().connections()),
                "the change is carried out");
    }
}
