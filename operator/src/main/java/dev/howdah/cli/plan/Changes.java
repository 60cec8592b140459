// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.cli.judge.Changed;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.state.Annotations;
import dev.howdah.cli.world.World;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.DurationText;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How what a claim with a database asks for differs from what its status says it has. */
final class Changes {
    private final Judged judged;
    private final DatabaseClaimStatus status;
    private final EffectiveClaim wanted;
    private final List<String> steps = new ArrayList<>();

    private Changes(Judged judged, EffectiveClaim wanted) {
        this.judged = judged;
        this.status = Objects.requireNonNull(judged.claim().getStatus());
        this.wanted = wanted;
    }

    static List<String> of(Judged judged) {
        var review = judged.review();
        if (review == null || !(review.verdict() instanceof Verdict.Admitted(var effective, var _))) {
            return List.of();
        }
        var changes = new Changes(judged, effective);
        changes.values();
        changes.logins();
        changes.extensions();
        rotation(judged.claim(), changes.status, changes.steps);
        return List.copyOf(changes.steps);
    }

    private void values() {
        Changed.of(judged).stream()
                .filter(change -> !change.path().startsWith("extensions.")
                        && !change.path().startsWith("access."))
                .forEach(change -> steps.add(
                        "set %s to %s, which is %s now".formatted(change.path(), change.next(), change.now())));
    }

    private void logins() {
        var there = byName(status.access(), AccessStatus::name);
        var secrets = new ArrayList<String>();
        for (var access : wanted.access()) {
            var now = there.remove(access.name());
            if (now == null) {
                steps.add("open a login \"%s\" (%s) and publish its Secret %s"
                        .formatted(access.name(), access.role(), access.secretName()));
                continue;
            }
            if (now.role() != access.role()) {
                steps.add("make login \"%s\" %s, which was %s%s"
                        .formatted(
                                access.name(),
                                access.role(),
                                now.role(),
                                lowered(now.role(), access.role())
                                        ? "; its sessions are ended and its objects become the owner group's"
                                        : ""));
            }
            if (!now.secretName().equals(access.secretName())) {
                secrets.add("publish login \"%s\" in Secret %s; Secret %s stays for the overlap"
                        .formatted(access.name(), access.secretName(), now.secretName()));
            }
        }
        steps.addAll(secrets);
        there.values()
                .forEach(gone -> steps.add("close login \"%s\" and take Secret %s away; its objects stay"
                        .formatted(gone.name(), gone.secretName())));
    }

    private static boolean lowered(AccessRole from, AccessRole to) {
        return to.compareTo(from) > 0;
    }

    private void extensions() {
        var there = byName(status.extensions(), ExtensionStatus::name);
        for (var asked : wanted.extensions()) {
            var now = there.remove(asked.name());
            if (now == null) {
                steps.add("install extension %s%s"
                        .formatted(asked.name(), asked.version() == null ? "" : " " + asked.version()));
            } else if (asked.version() != null && !asked.version().equals(now.version())) {
                steps.add("update extension %s from %s to %s".formatted(asked.name(), now.version(), asked.version()));
            }
        }
        there.values()
                .forEach(gone -> steps.add(
                        "take extension %s away, unless another one needs it, it owns a table with rows or something depends on it"
                                .formatted(gone.name())));
    }

    private static void rotation(DatabaseClaim claim, DatabaseClaimStatus status, List<String> steps) {
        var now = Annotations.get(claim, Howdah.ROTATE_NOW).orElse("");
        var later = Annotations.get(claim, Howdah.ROTATE).orElse("");
        var handled = status.lastHandledRotate();
        // With both there, which of the two was carried out before the other is known to the ledger alone.
        var both = !now.isEmpty() && !later.isEmpty() && (now.equals(handled) || later.equals(handled));
        if (both) {
            return;
        }
        if (!now.isEmpty() && !now.equals(handled)) {
            steps.add("rotate every login at once; the logins before are closed");
        } else if (!later.isEmpty() && !later.equals(handled)) {
            steps.add("rotate every login; the logins before work on for the overlap");
        }
    }

    private static <T> Map<String, T> byName(@Nullable List<T> list, Function<T, String> name) {
        return list == null
                ? new LinkedHashMap<>()
                : list.stream().collect(Collectors.toMap(name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    /** What becomes of the database of a claim that is being deleted. */
    static List<String> ending(Judged judged, World world) {
        var status = Objects.requireNonNull(judged.claim().getStatus());
        var steps = new ArrayList<String>();
        steps.add("close every login and end its sessions");
        if (status.access() != null) {
            status.access().forEach(access -> steps.add("take Secret %s away".formatted(access.secretName())));
        }
        var policy = judged.inForce().get("deletionPolicy");
        if (policy == null || !policy.value().equals(DeletionPolicy.Delete.name())) {
            steps.add("keep database %s until a claim of the same name takes it back".formatted(status.database()));
        } else {
            var offered = world.classes().get(String.valueOf(status.className()));
            steps.add("drop database %s %s"
                    .formatted(
                            status.database(),
                            offered == null
                                    ? "when the time has passed that its class said at binding"
                                    : "in " + DurationText.format(ClassTerms.retainFor(offered))));
        }
        return steps;
    }
}
