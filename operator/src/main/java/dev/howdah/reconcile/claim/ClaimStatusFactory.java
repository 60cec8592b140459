// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static dev.howdah.reconcile.status.Conditions.ACCEPTED;
import static dev.howdah.reconcile.status.Conditions.COMPLIANT;
import static dev.howdah.reconcile.status.Conditions.FALSE;
import static dev.howdah.reconcile.status.Conditions.IN_SYNC;
import static dev.howdah.reconcile.status.Conditions.READY;
import static dev.howdah.reconcile.status.Conditions.RECONCILING;
import static dev.howdah.reconcile.status.Conditions.STALLED;
import static dev.howdah.reconcile.status.Conditions.TRUE;
import static dev.howdah.reconcile.status.Conditions.UNKNOWN;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AdoptionPlan;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Binding;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ClaimViolation;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.HostingServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.policy.Violation;
import dev.howdah.reconcile.claim.ClaimOutcome.Home;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an outcome reads like in the claim's status. Pure; the same outcome gives the same status. */
final class ClaimStatusFactory {
    private static final int LISTED = 128;
    private static final String NO_BREACH = "no rule is broken";
    private static final int LISTED_VALUES = 32;
    private static final int LISTED_VIOLATIONS = 16;
    private static final int LONGEST_VALUE = 1024;

    private ClaimStatusFactory() {}

    static DatabaseClaimStatus status(
            @Nullable DatabaseClaimStatus before, @Nullable Long generation, Told told, Instant now) {
        return status(before, generation, told, null, now);
    }

    /** {@code sync} is {@code null} where nothing is known of drift: what was said of it stays. */
    static DatabaseClaimStatus status(
            @Nullable DatabaseClaimStatus before,
            @Nullable Long generation,
            Told told,
            @Nullable Sync sync,
            Instant now) {
        var conditions = before == null ? null : before.conditions();
        if (told.standing() == Standing.Paused) {
            return rest(
                    before,
                    before == null ? null : before.observedGeneration(),
                    Conditions.amend(conditions, standing(conditions, told), generation, now),
                    before == null ? null : before.violations(),
                    before == null ? null : before.plan());
        }
        var violations = violations(before, told);
        var wanted = conditions(conditions, told);
        if (sync != null) {
            wanted.add(sync.wanted(conditions, generation));
        } else {
            Conditions.kept(conditions, IN_SYNC).ifPresent(wanted::add);
        }
        var merged = Conditions.merge(conditions, wanted, generation, now);
        var home = told.home();
        var accepted = home == null ? null : home.row().accepted();
        return home == null || accepted == null || home.row().state() != LedgerClaim.State.Active
                ? rest(before, generation, merged, violations, told.plan())
                : bound(before, generation, merged, home, accepted, violations);
    }

    /** Where it was last seen to be stays said: a claim that had a database is not one that never had any. */
    private static DatabaseClaimStatus rest(
            @Nullable DatabaseClaimStatus before,
            @Nullable Long generation,
            List<Condition> conditions,
            @Nullable List<ClaimViolation> violations,
            @Nullable AdoptionPlan plan) {
        return before == null
                ? new DatabaseClaimStatus(
                        generation,
                        conditions,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        violations,
                        null,
                        null,
                        plan)
                : new DatabaseClaimStatus(
                        generation,
                        conditions,
                        before.binding(),
                        before.server(),
                        before.className(),
                        before.connections(),
                        before.database(),
                        before.access(),
                        before.extensions(),
                        before.unmanaged(),
                        before.effective(),
                        violations,
                        before.lastHandledRotate(),
                        before.findings(),
                        plan);
    }

    private static DatabaseClaimStatus bound(
            @Nullable DatabaseClaimStatus before,
            @Nullable Long generation,
            List<Condition> conditions,
            Home home,
            Accepted accepted,
            @Nullable List<ClaimViolation> violations) {
        var names = new ClaimNames(home.row().database());
        var access = new ArrayList<AccessStatus>();
        for (var entry : accepted.claim().access()) {
            var login = home.row().logins().get(entry.name());
            if (login != null) {
                access.add(new AccessStatus(
                        entry.name(),
                        entry.role(),
                        names.login(entry.name(), login.slot()),
                        entry.secretName(),
                        login.rotated().toString()));
            }
        }
        var unmanaged = accepted.unmanaged().stream().limit(LISTED).toList();
        return new DatabaseClaimStatus(
                generation,
                conditions,
                accepted.claim().access().stream()
                        .filter(Access::binding)
                        .findFirst()
                        .map(entry -> new Binding(entry.secretName()))
                        .orElse(null),
                new HostingServer(home.server(), home.version()),
                accepted.claim().className(),
                accepted.claim().connections(),
                home.row().database(),
                access,
                accepted.installed().isEmpty()
                        ? null
                        : accepted.installed().stream().limit(LISTED).toList(),
                unmanaged.isEmpty() ? null : unmanaged,
                accepted.grounds().values().isEmpty()
                        ? null
                        : accepted.grounds().values().stream()
                                .limit(LISTED_VALUES)
                                .map(value -> new EffectiveValue(value.path(), cut(value.value()), value.source()))
                                .toList(),
                violations,
                lastHandledRotate(before, home.row(), accepted),
                accepted.findings().isEmpty() ? null : accepted.findings(),
                null);
    }

    /** What was carried out for every login; while they differ, some are still to follow. */
    private static @Nullable String lastHandledRotate(
            @Nullable DatabaseClaimStatus before, LedgerClaim row, Accepted accepted) {
        var handled = accepted.claim().access().stream()
                .map(entry -> row.logins().get(entry.name()))
                .filter(Objects::nonNull)
                .map(login -> Optional.ofNullable(login.handled().last()))
                .distinct()
                .toList();
        return handled.size() == 1
                ? handled.getFirst().orElse(null)
                : before == null ? null : before.lastHandledRotate();
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE - 1) + "…";
    }

    private static @Nullable List<ClaimViolation> violations(@Nullable DatabaseClaimStatus before, Told told) {
        var compliance = told.compliance();
        if (compliance == null) {
            return before == null ? null : before.violations();
        }
        return compliance.violations().isEmpty()
                ? null
                : compliance.violations().stream()
                        .limit(LISTED_VIOLATIONS)
                        .map(Violation::toStatus)
                        .toList();
    }

    private static List<Wanted> standing(@Nullable List<Condition> before, Told told) {
        var reason = told.reason();
        var message = told.message();
        var standing = told.standing();
        var somebodyActs = standing == Standing.Refused || standing == Standing.Conflict || standing == Standing.Failed;
        var byItself = standing == Standing.Waiting || standing == Standing.OutOfSight;
        return List.of(
                new Wanted(READY, ready(before, standing), reason, message),
                Wanted.of(RECONCILING, byItself, reason, byItself ? message : "nothing under way"),
                Wanted.of(STALLED, somebodyActs, reason, somebodyActs ? message : "nobody has to act"));
    }

    private static List<Wanted> conditions(@Nullable List<Condition> before, Told told) {
        var reason = told.reason();
        var message = told.message();
        var refused = told.standing() == Standing.Refused;
        var wanted = new ArrayList<>(standing(before, told));
        wanted.add(
                refused
                        ? Wanted.of(ACCEPTED, false, reason, message)
                        : Wanted.of(
                                ACCEPTED,
                                true,
                                Reason.Valid,
                                "class and policies agree to this spec"
                                        + (reason == Reason.LedgerUnreadable
                                                ? ", as far as can be told without that ledger"
                                                : "")));
        wanted.add(compliant(before, told));
        return wanted;
    }

    private static Wanted compliant(@Nullable List<Condition> before, Told told) {
        var note = told.note();
        if (note != null) {
            return Wanted.of(COMPLIANT, false, note.reason(), note.message());
        }
        var compliance = told.compliance();
        if (compliance == null) {
            return told.standing() == Standing.Refused
                    ? Wanted.of(COMPLIANT, false, told.reason(), told.message())
                    : Conditions.kept(before, COMPLIANT)
                            .orElseGet(() -> Wanted.of(COMPLIANT, true, Reason.Valid, NO_BREACH));
        }
        return compliance.breach() == null
                ? Wanted.of(COMPLIANT, true, Reason.Valid, NO_BREACH)
                : Wanted.of(
                        COMPLIANT,
                        false,
                        compliance.breach(),
                        compliance.violations().stream().map(Violation::message).collect(Collectors.joining("; ")));
    }

    /** Paused says nothing new about whether the login works; out of sight means that it is not known. */
    private static String ready(@Nullable List<Condition> before, Standing standing) {
        return switch (standing) {
            case Ready -> TRUE;
            case OutOfSight -> UNKNOWN;
            case Waiting, Refused, Conflict, Failed -> FALSE;
            case Paused -> Conditions.find(before, READY).map(Condition::status).orElse(UNKNOWN);
        };
    }
}
