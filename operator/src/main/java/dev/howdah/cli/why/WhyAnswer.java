// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.why;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.cli.judge.Chains;
import dev.howdah.cli.judge.Changed;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Finding;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All there is to say about a claim.
 *
 * @param agreed whether the spec is agreed to
 * @param values those that are not built in; of a refused claim with a database those that are in force
 * @param changes where the status does not say what the objects come to: the operator has yet to act
 * @param refusals why it is refused
 * @param standing what breaks a rule and goes through all the same
 * @param noted what a policy in Audit would mind
 * @param conditions those of the claim that are not as they should be
 */
record WhyAnswer(
        String claim,
        boolean agreed,
        @Nullable String className,
        @Nullable Integer majorVersion,
        @Nullable String server,
        List<Value> values,
        List<Changed> changes,
        List<Finding> refusals,
        List<Finding> standing,
        List<Finding> noted,
        List<Condition> conditions,
        List<Fault> faults,
        List<String> notes) {

    /** A value and who said so. */
    record Value(String path, String value, String source, String note) {}

    static WhyAnswer of(Judged judged, World world) {
        var status = judged.claim().getStatus();
        var merged = judged.merged().map(m -> m.claim());
        return new WhyAnswer(
                judged.key(),
                judged.agreed(),
                merged.map(m -> m.className()).orElse(null),
                merged.map(m -> m.majorVersion()).orElse(null),
                status == null || status.server() == null
                        ? null
                        : status.server().name(),
                values(judged),
                judged.agreed() ? Changed.of(judged) : List.of(),
                Finding.of(judged.refusals()),
                Finding.of(judged.standing()),
                Finding.of(judged.noted()),
                Conditions.amiss(status == null ? null : status.conditions()),
                world.faults(),
                world.notes());
    }

    private static List<Value> values(Judged judged) {
        var inForce = judged.inForce();
        if (!judged.agreed() && judged.bound() && !inForce.isEmpty()) {
            return inForce.values().stream()
                    .map(value -> new Value(value.path(), value.value(), value.source(), "as last accepted"))
                    .toList();
        }
        var values = new ArrayList<Value>();
        Chains.values(judged).forEach((path, link) -> {
            if (!link.source().equals(Source.BUILT_IN) || !link.note().isEmpty()) {
                values.add(new Value(path, link.value(), link.source().text(), link.note()));
            }
        });
        return values;
    }

    Page page() {
        var page = new Page();
        page.line("%s: %s".formatted(claim, verdict()));
        if (className != null) {
            page.line(
                    2,
                    "class %s, PostgreSQL %s%s"
                            .formatted(className, majorVersion, server == null ? "" : ", on server " + server));
        }
        values(page);
        findings(page, agreed ? "" : "Refused because", refusals);
        findings(page, "Goes through, but breaks", standing);
        findings(page, "Noted by policies in Audit", noted);
        if (!conditions.isEmpty()) {
            page.blank().line("Conditions that are not as they should be");
            conditions.forEach(condition -> {
                page.line(2, "%s=%s, %s".formatted(condition.type(), condition.status(), condition.reason()));
                page.line(4, condition.message());
            });
        }
        Asides.show(page, faults, notes);
        return page;
    }

    private String verdict() {
        if (!agreed) {
            return "refused, " + (server == null ? "nothing is made" : "what runs goes on as last accepted");
        }
        return standing.isEmpty() ? "agreed to" : "agreed to, but does not comply";
    }

    private void values(Page page) {
        page.blank();
        if (values.isEmpty()) {
            page.line("Every value is built in.");
        } else {
            if (!agreed && server == null) {
                page.line("What it would be:");
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("VALUE", "IS", "SAID BY"));
            values.forEach(value -> rows.add(List.of(
                    value.path(),
                    value.value(),
                    value.note().isEmpty() ? value.source() : value.source() + " (" + value.note() + ")")));
            page.table(0, rows);
        }
        changes.forEach(change -> page.item(
                0,
                "*",
                "%s: in force now: %s; after the next reconcile: %s"
                        .formatted(change.path(), change.now(), change.next())));
    }

    private static void findings(Page page, String title, List<Finding> findings) {
        if (!findings.isEmpty()) {
            page.blank().line(title);
            findings.forEach(finding -> finding.show(page, 2));
        }
    }
}
