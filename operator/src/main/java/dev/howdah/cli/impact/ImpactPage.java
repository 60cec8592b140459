// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.impact;

import dev.howdah.cli.impact.ClaimImpact.Effect;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import java.util.ArrayList;
import java.util.List;

/** An impact for people. */
final class ImpactPage {
    private ImpactPage() {}

    static Page of(Impact impact) {
        var page = new Page();
        impact.objects()
                .forEach(change ->
                        page.line("%s would be %s".formatted(change.object(), change.replaces() ? "replaced" : "new")));
        list(page, "Not valid, and would do nothing", impact.invalid());
        list(page, "Contradictions", impact.contradictions());
        list(page, "Could no longer be in force", impact.conflicts());
        impact.claims().forEach(claim -> claim(page, claim));
        // What cannot be read is not in the sums, so it is said before them.
        Asides.show(page, impact.faults(), List.of());
        page.blank().line(summary(impact.summary()));
        Asides.show(page, List.of(), impact.notes());
        return page;
    }

    private static void list(Page page, String title, List<String> points) {
        if (!points.isEmpty()) {
            page.blank().line(title);
            points.forEach(point -> page.item(2, "*", point));
        }
    }

    private static void claim(Page page, ClaimImpact claim) {
        page.blank().line("%s %s".formatted(claim.claim(), outcome(claim.outcome())));
        claim.findings().forEach(finding -> finding.show(page, 2));
        if (!claim.changes().isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("VALUE", "FROM", "TO", "TAKES"));
            claim.changes()
                    .forEach(change ->
                            rows.add(List.of(change.path(), change.from(), change.to(), takes(change.effect()))));
            page.table(2, rows);
        }
    }

    private static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Denied -> "would be denied";
            case NoLongerComplies -> "goes on, but would no longer comply";
            case StillRefused -> "is refused, and would be for more";
            case Accepted -> "is refused now and would be accepted";
            case CompliesBetter -> "would break fewer rules";
            case Noted -> "would be noted by a policy in Audit";
            case Changes -> "would change";
        };
    }

    private static String takes(Effect effect) {
        return switch (effect) {
            case Reconnect -> "a reconnect";
            case Nothing -> "nothing";
        };
    }

    private static String summary(Impact.Summary summary) {
        return ("Of %s: %d would be denied, %d would no longer comply, %d would be accepted, %d would have other "
                        + "values, %s%d untouched. Nothing was applied.")
                .formatted(
                        summary.claims() == 1 ? "1 claim" : summary.claims() + " claims",
                        summary.denied(),
                        summary.noLongerComply(),
                        summary.accepted(),
                        summary.changed(),
                        summary.otherwise() == 0 ? "" : "%d would break other rules, ".formatted(summary.otherwise()),
                        summary.untouched());
    }
}
