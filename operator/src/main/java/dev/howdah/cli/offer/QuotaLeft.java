// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.offer;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.judge.QuotaUse;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.rulebook.PolicyTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is left of one number of a quota. */
record QuotaLeft(String what, String used, String of, String left, String policy, String mode) {

    static List<QuotaLeft> of(Judgements judgements, String namespace, QuotaUse use) {
        var labels = judgements.world().labels(namespace);
        var left = new ArrayList<QuotaLeft>();
        for (var policy : judgements.rulebook().matching(labels, null)) {
            if (!policy.quota().none() && policy.enforcement() != Enforcement.Audit) {
                var charges = use.charges().stream()
                        .filter(charge -> charge.className() == null || policy.isFor(charge.className()))
                        .toList();
                var quota = policy.quota();
                add(left, policy, "databases", quota.databases(), charges, charge -> 1, String::valueOf);
                add(
                        left,
                        policy,
                        "storage",
                        quota.storage(),
                        charges,
                        c -> c.demand().storage(),
                        StorageText::format);
                add(
                        left,
                        policy,
                        "connections",
                        quota.connections(),
                        charges,
                        c -> c.demand().connections(),
                        String::valueOf);
            }
        }
        return left;
    }

    private static void add(
            List<QuotaLeft> left,
            PolicyTerms policy,
            String what,
            @Nullable Number limit,
            List<Charge> charges,
            ToLongFunction<Charge> part,
            LongFunction<String> text) {
        if (limit != null) {
            var used = charges.stream().mapToLong(part).reduce(0, Demand::sum);
            left.add(new QuotaLeft(
                    what,
                    text.apply(used),
                    text.apply(limit.longValue()),
                    text.apply(Math.max(0, limit.longValue() - used)),
                    policy.name(),
                    policy.enforcement().name()));
        }
    }
}
