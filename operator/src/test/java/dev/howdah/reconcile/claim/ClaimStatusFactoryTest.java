// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Login;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Violation;
import dev.howdah.reconcile.claim.ClaimOutcome.Compliance;
import dev.howdah.reconcile.claim.ClaimOutcome.Home;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimStatusFactoryTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final DatabaseLocale LOCALE = new DatabaseLocale(null, null, null);
    private static final ClassTerms TERMS = new ClassTerms(
            "standard",
            List.of(18),
            18,
            ClassTerms.DEFAULT_STORAGE,
            20,
            new TreeMap<>(),
            List.of(),
            List.of("public"),
            DeletionPolicy.Retain,
            LOCALE,
            Duration.ofHours(168),
            false,
            CredentialTerms.NONE,
            new TreeSet<>());
    private static final EffectiveClaim CLAIM = new EffectiveClaim(
            "standard",
            18,
            ClassTerms.DEFAULT_STORAGE,
            20,
            new TreeMap<>(),
            LOCALE,
            List.of("public"),
            List.of(),
            List.of(new EffectiveClaim.Access("app", AccessRole.Owner, true, null, "orders-db")),
            DeletionPolicy.Retain,
            false,
            CredentialTerms.NONE);

    private static final EffectiveValue VALUE =
            new EffectiveValue("parameters.work_mem", "16MB", "DatabasePolicy/baseline");
    private static final Accepted.Grounds GROUNDS =
            new Accepted.Grounds(DatabaseClaimSpec.EMPTY, List.of(VALUE), new TreeMap<>(), new TreeMap<>());

    private static Home home(State state) {
        return new Home(
                "main",
                "18.6",
                new LedgerClaim(
                        new ClaimIdentity("uid", "shop", "nsuid", "orders"),
                        "shop_orders",
                        List.of(),
                        state,
                        ClassTerms.DEFAULT_STORAGE,
                        20,
                        new Accepted(CLAIM, TERMS, 1, GROUNDS, List.of(), List.of(), List.of()),
                        null,
                        Map.of("app", new Login("b", "print", NOW))));
    }

    private static Told told(Standing standing, Reason reason, @Nullable Home home) {
        return new Told(standing, reason, "why", home, Duration.ZERO, null, null, null);
    }

    private static DatabaseClaimStatus status(@Nullable DatabaseClaimStatus before, long generation, Told told) {
        return ClaimStatusFactory.status(before, generation, told, NOW);
    }

    private static List<String> read(DatabaseClaimStatus status) {
        List<Condition> conditions = status.conditions() == null ? List.of() : status.conditions();
        return conditions.stream()
                .map(c -> c.type() + "=" + c.status() + " " + c.reason())
                .toList();
    }

    private static DatabaseClaimStatus ready() {
        return status(null, 1, told(Standing.Ready, Reason.Provisioned, home(State.Active)));
    }

    @Test
    void readyTellsWhereAndHow() {
        var status = ready();
        assertThat(read(status))
                .containsExactly(
                        "Ready=True Provisioned",
                        "Reconciling=False Provisioned",
                        "Stalled=False Provisioned",
                        "Accepted=True Valid",
                        "Compliant=True Valid");
        assertThat(status.database()).isEqualTo("shop_orders");
        assertThat(status.binding()).isEqualTo(new DatabaseClaimStatus.Binding("orders-db"));
        assertThat(status.access())
                .containsExactly(new DatabaseClaimStatus.AccessStatus(
                        "app", AccessRole.Owner, "shop_orders_app_b", "orders-db", "2030-01-01T00:00:00Z"));
    }

    @Test
    void refusedSomebodyHasToAct() {
        assertThat(read(status(null, 1, told(Standing.Refused, Reason.ClassNotFound, null))))
                .containsExactly(
                        "Ready=False ClassNotFound",
                        "Reconciling=False ClassNotFound",
                        "Stalled=True ClassNotFound",
                        "Accepted=False ClassNotFound",
                        "Compliant=False ClassNotFound");
    }

    @Test
    void waitingComesByItself() {
        assertThat(read(status(null, 1, told(Standing.Waiting, Reason.NoCapacity, null))))
                .startsWith("Ready=False NoCapacity", "Reconciling=True NoCapacity", "Stalled=False NoCapacity")
                .contains("Accepted=True Valid");
    }

    @Test
    void conflictIsAcceptedAndStalled() {
        assertThat(read(status(null, 1, told(Standing.Conflict, Reason.RoleConflict, null))))
                .startsWith("Ready=False RoleConflict", "Reconciling=False RoleConflict", "Stalled=True RoleConflict")
                .contains("Accepted=True Valid");
    }

    @Test
    void outOfSightIsNotKnownAndForgetsNothing() {
        var status = status(ready(), 1, told(Standing.OutOfSight, Reason.ServerUnavailable, null));
        assertThat(read(status)).startsWith("Ready=Unknown ServerUnavailable", "Reconciling=True ServerUnavailable");
        assertThat(status.server()).isEqualTo(ready().server());
        assertThat(status.binding()).isEqualTo(ready().binding());
    }

    @Test
    void missingStaysSaidSoThatNoEmptyTwinIsMade() {
        var status = status(ready(), 1, told(Standing.Conflict, Reason.DatabaseMissing, null));
        assertThat(status.database()).isEqualTo("shop_orders");
        assertThat(status.server()).isNotNull();
    }

    @Test
    void pausedJudgesNothing() {
        var status = status(ready(), 2, told(Standing.Paused, Reason.Paused, null));
        assertThat(read(status))
                .startsWith("Ready=True Paused")
                .contains("Accepted=True Valid", "Compliant=True Valid");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.database()).isEqualTo("shop_orders");
        assertThat(status(null, 1, told(Standing.Paused, Reason.Paused, null)).observedGeneration())
                .isNull();
    }

    @Test
    void noteBreaksComplianceOnly() {
        var note = new News(Reason.ClassNotFound, "gone");
        var status = status(
                null,
                1,
                new Told(
                        Standing.Ready,
                        Reason.Provisioned,
                        "why",
                        home(State.Active),
                        Duration.ZERO,
                        null,
                        note,
                        null));
        assertThat(read(status)).contains("Ready=True Provisioned", "Compliant=False ClassNotFound");
    }

    @Test
    void retainedRowIsNotWhereItLives() {
        var status = status(null, 1, told(Standing.Waiting, Reason.NoCapacity, home(State.Retained)));
        assertThat(status.server()).isNull();
        assertThat(status.database()).isNull();
    }

    @Test
    void sameOutcomeSameStatus() {
        var again = ClaimStatusFactory.status(
                ready(), 1L, told(Standing.Ready, Reason.Provisioned, home(State.Active)), NOW.plusSeconds(99));
        assertThat(again).isEqualTo(ready());
    }

    @Test
    void valuesInForceAreToldWithWhereTheyComeFrom() {
        assertThat(ready().effective()).containsExactly(VALUE);
    }

    @Test
    void aBrokenRuleLeavesAReadyClaimReadyAndIsListed() {
        var violation = new Violation(
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "too much",
                "baseline",
                Enforcement.Enforce,
                new Violation.Offence("1GB", 1));
        var status = status(
                null,
                1,
                told(Standing.Ready, Reason.Provisioned, home(State.Active))
                        .with(new Compliance(Reason.PolicyViolation, List.of(violation))));
        assertThat(read(status))
                .contains("Ready=True Provisioned", "Accepted=True Valid", "Compliant=False PolicyViolation");
        assertThat(status.violations()).containsExactly(violation.toStatus());
        var healed = status(
                status,
                1,
                told(Standing.Ready, Reason.Provisioned, home(State.Active)).with(new Compliance(null, List.of())));
        assertThat(healed.violations()).isNull();
        assertThat(read(healed)).contains("Compliant=True Valid");
    }
}
