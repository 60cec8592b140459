// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace takes together stays within every quota. Charged is what the ledgers hold; only what grows is weighed,
 * so that a quota that was lowered takes nothing away.
 */
final class QuotaHolds implements Rule {
    private static final int NAMED = 5;

    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        var before =
                subject.accepted() == null ? null : subject.accepted().claim().demand();
        var now = merged.claim().demand();
        for (var applied : merged.policies()) {
            var quota = applied.policy().quota();
            if (quota.none()) {
                continue;
            }
            var charged = new ArrayList<Charge>();
            for (var charge : subject.charges()) {
                if (applied.policy().isFor(charge.className())) {
                    charged.add(charge);
                }
            }
            var pool = new Pool(subject, applied, charged, violations);
            if (before == null) {
                pool.weigh("databases", quota.databases(), charged.size(), 1, String::valueOf);
            }
            if (before == null || now.storage() > before.storage()) {
                var used = sum(charged, c -> c.demand().storage());
                pool.weigh("storage", quota.storage(), used, now.storage(), StorageText::format);
            }
            if (before == null || now.connections() > before.connections()) {
                var used = sum(charged, c -> c.demand().connections());
                pool.weigh("connections", quota.connections(), used, now.connections(), String::valueOf);
            }
        }
        return violations;
    }

    private static long sum(List<Charge> charges, ToLongFunction<Charge> part) {
        long sum = 0;
        for (var charge : charges) {
            sum = Demand.sum(sum, part.applyAsLong(charge));
        }
        return sum;
    }

    /** One policy's quota of one namespace. */
    private record Pool(Subject subject, Applied applied, List<Charge> charged, List<Violation> violations) {
        void weigh(String path, @Nullable Number limit, long used, long wanted, LongFunction<String> text) {
            if (limit == null || Demand.sum(used, wanted) <= limit.longValue()) {
                return;
            }
            var left = Math.max(0, limit.longValue() - used);
            violations.add(Findings.of(
                    applied,
                    Reason.QuotaExceeded,
                    path.equals("databases") ? "quota.databases" : path,
                    text.apply(wanted),
                    (double) used + wanted - limit.longValue(),
                    "`%s`: %s wanted, \"%s\" has %s of %s left (quota of policy \"%s\"%s); ask for less, delete what is not needed, or ask a DBA for a larger quota"
                            .formatted(
                                    path,
                                    text.apply(wanted),
                                    subject.namespace(),
                                    text.apply(left),
                                    text.apply(limit.longValue()),
                                    applied.policy().name(),
                                    retained(path, text))));
        }

        /** Nobody thinks of those: they have no claim any more. */
        private String retained(String path, LongFunction<String> text) {
            var kept = charged.stream().filter(Charge::retained).toList();
            if (kept.isEmpty()) {
                return "";
            }
            long held = sum(kept, charge -> switch (path) {
                case "storage" -> charge.demand().storage();
                case "connections" -> charge.demand().connections();
                default -> 1;
            });
            return "; %d retained %s hold%s %s: %s%s"
                    .formatted(
                            kept.size(),
                            kept.size() == 1 ? "database" : "databases",
                            kept.size() == 1 ? "s" : "",
                            text.apply(held),
                            kept.stream()
                                    .map(Charge::claim)
                                    .sorted()
                                    .limit(NAMED)
                                    .collect(Collectors.joining(", ")),
                            kept.size() > NAMED ? ", …" : "");
        }
    }
}
