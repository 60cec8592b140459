// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ClaimViolation;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What breaks a rule, as a {@code Report} of OpenReports beside the claim, for those who gather such objects from many
 * tools. Only where the cluster knows that kind, only when something else is broken than before, and never in the way of
 * the claim: the same is in its status.
 */
final class OpenReports {
    private static final Logger LOG = LoggerFactory.getLogger(OpenReports.class);
    private static final String GROUP = "openreports.io";
    private static final String VERSION = "v1alpha1";
    private static final String KIND = "Report";
    private static final ResourceDefinitionContext REPORTS = new ResourceDefinitionContext.Builder()
            .withGroup(GROUP)
            .withVersion(VERSION)
            .withKind(KIND)
            .withPlural("reports")
            .withNamespaced(true)
            .build();

    private final Clock clock;

    OpenReports(Clock clock) {
        this.clock = clock;
    }

    /** The claim is about to be told {@code now}. Comes before that, so that a process that ends in between does it again. */
    void tell(
            DatabaseClaim claim,
            @Nullable DatabaseClaimStatus before,
            DatabaseClaimStatus now,
            KubernetesClient client) {
        var were = violations(before);
        var are = violations(now);
        if (were.equals(are)) {
            return;
        }
        try {
            if (!client.supports(GROUP + "/" + VERSION, KIND)) {
                return;
            }
            var reports = client.genericKubernetesResources(REPORTS)
                    .inNamespace(claim.getMetadata().getNamespace());
            if (are.isEmpty()) {
                reports.withName(claim.getMetadata().getUid()).delete();
            } else {
                reports.resource(report(claim, now, are))
                        .patch(new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager(Howdah.FIELD_MANAGER)
                                .withForce(true)
                                .build());
            }
        } catch (KubernetesClientException e) {
            LOG.warn("the Report of a claim could not be written: {}", e.getMessage());
        }
    }

    private static List<ClaimViolation> violations(@Nullable DatabaseClaimStatus status) {
        return status == null || status.violations() == null ? List.of() : status.violations();
    }

    /** Named by the claim's UID: there is one per claim, and none of a former claim's. */
    private GenericKubernetesResource report(
            DatabaseClaim claim, DatabaseClaimStatus status, List<ClaimViolation> violations) {
        var meta = claim.getMetadata();
        var failed = violations.stream().filter(OpenReports::fails).count();
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(GROUP + "/" + VERSION)
                .withKind(KIND)
                .withNewMetadata()
                .withName(meta.getUid())
                .withNamespace(meta.getNamespace())
                .addToLabels(Howdah.MANAGED_BY, Howdah.FIELD_MANAGER)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(claim.getApiVersion())
                        .withKind(claim.getKind())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .build())
                .endMetadata()
                .addToAdditionalProperties("source", Howdah.FIELD_MANAGER)
                .addToAdditionalProperties(
                        "scope",
                        Map.of(
                                "apiVersion",
                                claim.getApiVersion(),
                                "kind",
                                claim.getKind(),
                                "namespace",
                                meta.getNamespace(),
                                "name",
                                meta.getName(),
                                "uid",
                                meta.getUid()))
                .addToAdditionalProperties(
                        "summary",
                        Map.of("pass", 0, "fail", failed, "warn", violations.size() - failed, "error", 0, "skip", 0))
                .addToAdditionalProperties(
                        "results",
                        violations.stream()
                                .map(violation -> result(violation, status))
                                .toList())
                .build();
    }

    private Map<String, Object> result(ClaimViolation violation, DatabaseClaimStatus status) {
        var result = new LinkedHashMap<String, Object>();
        result.put("source", Howdah.FIELD_MANAGER);
        // A rule that is no policy's is the class's, or PostgreSQL's.
        result.put("policy", violation.policy() != null ? violation.policy() : className(status));
        result.put("rule", violation.reason().name());
        result.put("category", "PostgreSQL");
        result.put("result", fails(violation) ? "fail" : "warn");
        result.put("message", violation.message());
        result.put("properties", Map.of("path", violation.path()));
        result.put("timestamp", Map.of("seconds", clock.instant().getEpochSecond(), "nanos", 0));
        return result;
    }

    private static String className(DatabaseClaimStatus status) {
        return status.className() == null ? "class" : "class " + status.className();
    }

    private static boolean fails(ClaimViolation violation) {
        return violation.mode() != Enforcement.Warn;
    }
}
