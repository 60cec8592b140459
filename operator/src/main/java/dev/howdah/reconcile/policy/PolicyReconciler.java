// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.policy;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicyStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.guard.Guardrails;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.CountInterval;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.Generations;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import dev.howdah.reconcile.status.StatusWrite;
import dev.howdah.reconcile.status.Telling;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells how a policy stands: whether it holds, for how many claims, and which of them break it. */
@ControllerConfiguration(
        name = "databasepolicy",
        fieldManager = Howdah.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = MeaningfulUpdate.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public class PolicyReconciler implements Reconciler<DatabasePolicy>, Telling<DatabasePolicy> {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final Guardrails guardrails;
    private final Findings findings;
    private final Signals signals;
    private final EventRecorder events;
    private final Supplier<List<ResourceID>> judged;
    private final Clock clock;
    private final CountInterval counts;
    private @Nullable InformerEventSource<Namespace, DatabasePolicy> namespaces;

    public PolicyReconciler(
            Guardrails guardrails,
            Findings findings,
            Signals signals,
            EventRecorder events,
            Supplier<List<ResourceID>> judged,
            Clock clock) {
        this.guardrails = guardrails;
        this.findings = findings;
        this.signals = signals;
        this.events = events;
        this.judged = judged;
        this.clock = clock;
        this.counts = new CountInterval(clock);
    }

    @Override
    public List<EventSource<?, DatabasePolicy>> prepareEventSources(EventSourceContext<DatabasePolicy> context) {
        var policies = context.getPrimaryCache();
        var known = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Namespace.class, DatabasePolicy.class)
                        .withName("policy-namespaces")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                namespace -> ids(policies.list(policy -> true).toList()))
                        .build(),
                context);
        // Two policies that contradict each other are both told when either changes.
        var others = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabasePolicy.class, DatabasePolicy.class)
                        .withName("other-policies")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                policy -> ids(policies.list(other -> true).toList()))
                        .build(),
                context);
        namespaces = known;
        return List.of(known, others, signals.policies());
    }

    private static Set<ResourceID> ids(Collection<DatabasePolicy> policies) {
        return policies.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    @Override
    public UpdateControl<DatabasePolicy> reconcile(DatabasePolicy policy, Context<DatabasePolicy> context) {
        var name = policy.getMetadata().getName();
        var rulebook = guardrails.rulebook();
        var current = rulebook.generationOfPolicy(name) == Generations.of(policy);
        if (!current || (rulebook.policyFaults(name).isEmpty() && !findings.complete(judged.get(), rulebook))) {
            // Counting before every claim was judged by it would tell less than there is.
            return UpdateControl.<DatabasePolicy>noUpdate().rescheduleAfter(MOMENT);
        }
        var before = policy.getStatus();
        var source = namespaces;
        var status = PolicyStatusFactory.status(
                before,
                policy,
                rulebook,
                findings.all(),
                source == null ? List.of() : source.list().toList(),
                clock.instant());
        if (status.equals(before)) {
            return UpdateControl.<DatabasePolicy>noUpdate().rescheduleAfter(LOOK_AGAIN);
        }
        var wait = counts.waitFor(name, before == null ? null : before.conditions(), status.conditions());
        if (wait.isPresent()) {
            return UpdateControl.<DatabasePolicy>noUpdate().rescheduleAfter(wait.get());
        }
        tell(policy, before, status);
        var patch = new DatabasePolicy();
        patch.getMetadata().setName(name);
        patch.setStatus(status);
        return UpdateControl.<DatabasePolicy>noUpdate()
                .rescheduleAfter(StatusWrite.write(policy, patch, LOOK_AGAIN, context));
    }

    private void tell(DatabasePolicy policy, @Nullable DatabasePolicyStatus before, DatabasePolicyStatus status) {
        for (var condition : status.conditions() == null ? List.<Condition>of() : status.conditions()) {
            var known = Conditions.find(before == null ? null : before.conditions(), condition.type())
                    .filter(c -> c.reason().equals(condition.reason()))
                    .isPresent();
            var saidAlready = condition.type().equals(Conditions.PROGRAMMED)
                    && Conditions.find(status.conditions(), Conditions.ACCEPTED)
                            .filter(accepted -> accepted.reason().equals(condition.reason()))
                            .isPresent();
            if (!known && !saidAlready && condition.status().equals(Conditions.FALSE)) {
                events.warning(policy, Reason.valueOf(condition.reason()), condition.message());
            }
        }
    }
}
