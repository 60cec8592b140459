// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.EventRecorder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events for a claim: one when it begins to stand otherwise, one when something was done for it. */
final class Transitions {
    private static final Set<Reason> WARNINGS = Set.of(
            Reason.ConnectionsExhausted,
            Reason.StorageBudgetExceeded,
            Reason.PreviousCredentialInUse,
            Reason.LoginFailed);
    /** What a claim that is ready may say of its logins. */
    private static final Set<Reason> OF_LOGINS =
            Set.of(Reason.RotationPending, Reason.PreviousCredentialInUse, Reason.LoginFailed);

    private Transitions() {}

    /** What was put right, each time; what is left, once. */
    static void tell(EventRecorder events, DatabaseClaim claim, @Nullable Sync sync) {
        if (sync == null) {
            return;
        }
        if (!sync.repaired().isEmpty()) {
            events.warning(claim, Reason.DriftRepaired, "put right: " + String.join("; ", sync.repaired()));
        }
        var before = claim.getStatus() == null ? null : claim.getStatus().conditions();
        if (!sync.open().isEmpty()
                && Conditions.find(before, Conditions.IN_SYNC)
                        .filter(c -> c.status().equals(Conditions.FALSE)
                                && c.message().equals(sync.message()))
                        .isEmpty()) {
            events.warning(claim, sync.reason(), sync.message());
        }
    }

    /** What is no longer asked for and was left, when that begins. */
    static void tellLeft(EventRecorder events, DatabaseClaim claim, DatabaseClaimStatus now) {
        var before = left(claim.getStatus());
        var news = left(now).stream()
                .filter(object -> before.stream()
                        .noneMatch(known -> known.kind().equals(object.kind())
                                && known.name().equals(object.name())))
                .map(object -> "%s \"%s\": %s".formatted(object.kind(), object.name(), object.message()))
                .toList();
        if (!news.isEmpty()) {
            events.normal(claim, Reason.Unmanaged, String.join("; ", news));
        }
    }

    private static List<UnmanagedObject> left(@Nullable DatabaseClaimStatus status) {
        return status == null || status.unmanaged() == null ? List.of() : status.unmanaged();
    }

    static void tell(EventRecorder events, DatabaseClaim claim, Told told) {
        var before = claim.getStatus() == null ? null : claim.getStatus().conditions();
        var news = told.news();
        if (news != null && WARNINGS.contains(news.reason())) {
            events.warning(claim, news.reason(), news.message());
        } else if (news != null) {
            events.normal(claim, news.reason(), news.message());
        }
        if (news == null || (OF_LOGINS.contains(told.reason()) && news.reason() != told.reason())) {
            standing(
                    events,
                    claim,
                    told,
                    Conditions.find(before, Conditions.READY)
                            .map(Condition::reason)
                            .orElse(""));
        }
        var compliance = told.compliance();
        var breach = compliance == null ? null : compliance.breach();
        if (compliance != null
                && breach != null
                && told.note() == null
                && told.standing() != Standing.Refused
                && Conditions.find(before, Conditions.COMPLIANT)
                        .filter(c -> c.reason().equals(breach.name()))
                        .isEmpty()) {
            events.warning(
                    claim,
                    breach,
                    compliance.violations().stream().map(Violation::message).collect(Collectors.joining("; ")));
        }
        var note = told.note();
        if (note != null
                && Conditions.find(before, Conditions.COMPLIANT)
                        .filter(c -> c.reason().equals(note.reason().name()))
                        .isEmpty()) {
            events.warning(claim, note.reason(), note.message());
        }
    }
    /** That it stands otherwise, unless that only ends what its logins waited for: then it stands as before. */
    private static void standing(EventRecorder events, DatabaseClaim claim, Told told, String before) {
        var calm = told.standing() == Standing.Ready || told.standing() == Standing.Paused;
        var waited = OF_LOGINS.stream().anyMatch(reason -> reason.name().equals(before));
        if (told.reason().name().equals(before)
                || (waited
                        && told.standing() == Standing.Ready
                        && told.reason() != Reason.RotationPending
                        && told.reason() != Reason.LoginFailed)) {
            return;
        }
        if (calm && !WARNINGS.contains(told.reason())) {
            events.normal(claim, told.reason(), told.message());
        } else {
            events.warning(claim, told.reason(), told.message());
        }
    }
}
