// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.policy;

import static dev.howdah.reconcile.status.Conditions.ACCEPTED;
import static dev.howdah.reconcile.status.Conditions.PROGRAMMED;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicyStatus;
import dev.howdah.api.v1alpha1.DatabasePolicyStatus.Sample;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.merge.ObjectConflict;
import dev.howdah.policy.rulebook.Contradictions;
import dev.howdah.policy.rulebook.PolicyTerms;
import dev.howdah.policy.rulebook.Rulebook;
import dev.howdah.reconcile.guard.Findings.Finding;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a policy's status says. Pure. */
final class PolicyStatusFactory {
    private static final int SAMPLES = 20;
    private static final int TOLD = 20;

    private PolicyStatusFactory() {}

    static DatabasePolicyStatus status(
            @Nullable DatabasePolicyStatus before,
            DatabasePolicy policy,
            Rulebook rulebook,
            List<Finding> findings,
            Collection<Namespace> namespaces,
            Instant now) {
        var name = policy.getMetadata().getName();
        var targeted = findings.stream()
                .filter(finding -> finding.targets().contains(name))
                .toList();
        var samples = new ArrayList<Sample>();
        var violating = new LinkedHashSet<Finding>();
        for (var finding : targeted) {
            for (var violation : finding.violations()) {
                if (name.equals(violation.policy())) {
                    violating.add(finding);
                    samples.add(new Sample(
                            finding.claim().getNamespace().orElse(""),
                            finding.claim().getName(),
                            violation.reason(),
                            violation.path()));
                }
            }
        }
        var generation = policy.getMetadata().getGeneration();
        var known = rulebook.policy(name);
        var faults = rulebook.policyFaults(name);
        var wanted = known.isEmpty() || !faults.isEmpty()
                ? invalid(faults, known.isPresent())
                : valid(known.get(), rulebook, targeted, namespaces);
        return new DatabasePolicyStatus(
                generation,
                Conditions.judged(before == null ? null : before.conditions(), wanted, generation, now),
                targeted.size(),
                violating.size(),
                samples.isEmpty()
                        ? null
                        : samples.stream().distinct().limit(SAMPLES).toList());
    }

    private static List<Wanted> invalid(List<String> faults, boolean heldBefore) {
        var message = told(faults)
                + (heldBefore
                        ? ". The edit changes nothing: what held before goes on until this is corrected, or the operator restarts"
                        : ". The policy changes nothing until this is corrected");
        return List.of(
                Wanted.of(ACCEPTED, false, Reason.Invalid, message),
                Wanted.of(PROGRAMMED, false, Reason.Invalid, message));
    }

    private static List<Wanted> valid(
            PolicyTerms policy, Rulebook rulebook, List<Finding> targeted, Collection<Namespace> namespaces) {
        var conflicts = new TreeSet<String>();
        conflicts.addAll(contradictions(policy, rulebook, namespaces));
        conflicts.addAll(messages(policy, targeted, ObjectConflict.Kind.BreaksLimit));
        var partly = new TreeSet<String>();
        partly.addAll(messages(policy, targeted, ObjectConflict.Kind.ServerCannot));
        partly.addAll(messages(policy, targeted, ObjectConflict.Kind.Outranked));
        var paused = targeted.stream().filter(Finding::paused).count();
        if (paused > 0) {
            partly.add(
                    "%d of %d claims in its target are paused (annotation %s) and not reached before they go on: see REASON in `kubectl get dbclaim -A`"
                            .formatted(paused, targeted.size(), Howdah.PAUSED));
        }
        var accepted = conflicts.isEmpty()
                ? Wanted.of(ACCEPTED, true, Reason.Valid, acts(policy))
                : Wanted.of(ACCEPTED, false, Reason.Conflicted, told(conflicts));
        return List.of(accepted, programmed(policy, conflicts, partly, targeted.size(), namespaces));
    }

    private static Wanted programmed(
            PolicyTerms policy,
            Set<String> conflicts,
            Set<String> partly,
            int targets,
            Collection<Namespace> namespaces) {
        if (!conflicts.isEmpty()) {
            return Wanted.of(PROGRAMMED, false, Reason.Conflicted, told(conflicts));
        }
        if (!partly.isEmpty()) {
            return Wanted.of(PROGRAMMED, false, Reason.PartiallyProgrammed, told(partly));
        }
        if (namespaces.stream().noneMatch(ns -> policy.matches(ns.getMetadata().getLabels(), null))) {
            return Wanted.of(
                    PROGRAMMED,
                    false,
                    Reason.Pending,
                    "`target.namespaceSelector` matches no namespace; correct it, or label the namespaces it is meant for");
        }
        return Wanted.of(
                PROGRAMMED,
                true,
                Reason.Valid,
                targets == 0 ? "no claim is in its target yet" : "in force for every claim in its target");
    }

    private static String acts(PolicyTerms policy) {
        return switch (policy.enforcement()) {
            case Audit -> "what breaks it is counted here and in metrics, nothing else";
            case Warn -> "what breaks it goes through with a warning";
            case Enforce -> "what breaks it is refused";
        };
    }

    private static Set<String> contradictions(PolicyTerms policy, Rulebook rulebook, Collection<Namespace> namespaces) {
        var found = new TreeSet<String>();
        var classNames = classNames(rulebook);
        var distinct = namespaces.stream()
                .map(namespace -> Optional.ofNullable(namespace.getMetadata().getLabels()))
                .distinct()
                .toList();
        for (var labels : distinct) {
            for (var className : classNames) {
                Contradictions.of(policy, rulebook.matching(labels.orElse(null), className))
                        .forEach(pair -> found.add(pair.message(policy)));
            }
        }
        return found;
    }

    /** Those that targets tell apart, and one that none names. */
    private static Set<String> classNames(Rulebook rulebook) {
        var names = new TreeSet<String>();
        names.add("");
        rulebook.policies().forEach(policy -> {
            if (policy.target() != null && policy.target().classNames() != null) {
                names.addAll(policy.target().classNames());
            }
        });
        return names;
    }

    private static Set<String> messages(PolicyTerms policy, List<Finding> targeted, ObjectConflict.Kind kind) {
        var messages = new TreeSet<String>();
        for (var finding : targeted) {
            finding.conflicts().stream()
                    .filter(conflict -> conflict.kind() == kind)
                    .filter(conflict -> conflict.author().text().equals(policy.id()))
                    .forEach(conflict -> messages.add(conflict.message()));
        }
        return messages;
    }

    private static String told(Collection<String> messages) {
        var told = messages.stream().limit(TOLD).toList();
        return String.join("; ", told)
                + (messages.size() > TOLD ? "; and %d more".formatted(messages.size() - TOLD) : "");
    }
}
