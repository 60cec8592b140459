// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.review.ClaimJudge;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Refuses claims of more than 100 connections and of the class {@code forbidden}; warns above 50 connections. */
final class StrictJudge implements ClaimJudge {
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public Optional<Judgement> judge(DatabaseClaim claim) {
        asked.incrementAndGet();
        var refused = new ArrayList<Violation>();
        var warned = new ArrayList<Violation>();
        var connections = claim.getSpec().connections();
        if (connections != null && connections > 100) {
            refused.add(violation(
                    Reason.ValueOutOfRange,
                    "connections",
                    "`connections`: must be at most 100 (policy \"strict\"); ask for less",
                    Enforcement.Enforce));
        } else if (connections != null && connections > 50) {
            warned.add(violation(
                    Reason.ValueOutOfRange,
                    "connections",
                    "`connections`: should be at most 50 (policy \"gentle\"); ask for less",
                    Enforcement.Warn));
        }
        if ("forbidden".equals(claim.getSpec().className())) {
            refused.add(violation(
                    Reason.ValueOutOfRange,
                    "className",
                    "`className`: must be standard (policy \"strict\"); take that class",
                    Enforcement.Enforce));
        }
        return Optional.of(new Judgement(refused, warned));
    }

    private static Violation violation(Reason reason, String path, String message, Enforcement mode) {
        return new Violation(reason, path, message, "strict", mode, new Violation.Offence("", 0));
    }
}
