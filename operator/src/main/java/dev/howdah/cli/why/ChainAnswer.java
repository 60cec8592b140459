// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.why;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.output.Finding;
import dev.howdah.cli.output.Page;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Bound;
import dev.howdah.policy.ValueChain.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one value came about.
 *
 * @param agreed whether the claim as a whole is agreed to
 * @param value {@code null} when nobody says anything, so that PostgreSQL's own holds
 * @param inForce what the claim's status says is in force, {@code null} where it says nothing
 * @param links who said what, highest first
 * @param binding {@code configuration}, {@code server}, or {@code null} where that is no question
 * @param refusals why the claim is refused for this value
 */
record ChainAnswer(
        String claim,
        String path,
        boolean agreed,
        @Nullable String value,
        @Nullable String inForce,
        List<Link> links,
        List<Limit> limits,
        @Nullable String binding,
        List<Finding> refusals,
        List<Finding> standing) {

    /** One word and what became of it. */
    record Link(String source, String value, Fate fate, String note) {}

    /** One limit. {@code waiver} and {@code until} are {@code null} where no waiver widens it. */
    record Limit(
            String limit,
            String policy,
            String mode,
            @Nullable String waiver,
            @Nullable String until) {}

    static ChainAnswer of(Judged judged, ValueChain chain) {
        return new ChainAnswer(
                judged.key(),
                chain.path(),
                judged.agreed(),
                chain.inForce().map(ValueChain.Link::value).orElse(null),
                Optional.ofNullable(judged.inForce().get(chain.path()))
                        .map(EffectiveValue::value)
                        .orElse(null),
                chain.links().stream()
                        .map(link -> new Link(link.source().text(), link.value(), link.fate(), link.note()))
                        .toList(),
                chain.bounds().stream().map(bound -> limit(judged, bound)).toList(),
                chain.binding(),
                Finding.of(judged.refusals().stream()
                        .filter(violation -> violation.path().equals(chain.path()))
                        .toList()),
                Finding.of(judged.standing().stream()
                        .filter(violation -> violation.path().equals(chain.path()))
                        .toList()));
    }

    private static Limit limit(Judged judged, Bound bound) {
        var subject = judged.subject();
        var until = subject == null || bound.waiver() == null
                ? null
                : subject.waivers().stream()
                        .filter(waiver -> waiver.name().equals(bound.waiver()))
                        .map(waiver -> waiver.expires().toString())
                        .findFirst()
                        .orElse(null);
        return new Limit(bound.limit(), bound.policy(), bound.mode(), bound.waiver(), until);
    }

    Page page() {
        var page = new Page();
        page.line("%s %s".formatted(claim, path));
        page.line(2, what());
        if (inForce != null && !inForce.equals(value)) {
            page.line(
                    2,
                    agreed
                            ? "in force now: %s; after the next reconcile: %s".formatted(inForce, value)
                            : "in force now: %s, as last accepted".formatted(inForce));
        }
        if (!links.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("SAID BY", "VALUE", "WHAT BECAME OF IT"));
            links.forEach(link -> rows.add(List.of(
                    link.source(),
                    link.value(),
                    link.note().isEmpty() ? fate(link.fate()) : fate(link.fate()) + ": " + link.note())));
            page.blank().table(2, rows);
        }
        if (!limits.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("LIMIT OF", "MODE", "ALLOWS"));
            limits.forEach(limit -> rows.add(List.of(
                    "DatabasePolicy/" + limit.policy(),
                    limit.mode(),
                    limit.waiver() == null
                            ? limit.limit()
                            : "%s, as widened by DatabaseWaiver/%s until %s"
                                    .formatted(limit.limit(), limit.waiver(), limit.until()))));
            page.blank().table(2, rows);
        }
        if (binding != null) {
            page.blank().line(2, "binding: " + meaning(binding));
        }
        for (var finding : refusals) {
            page.blank();
            finding.show(page, 2);
        }
        for (var finding : standing) {
            page.blank();
            finding.show(page, 2);
        }
        return page;
    }

    private String what() {
        if (value == null) {
            return path.startsWith("parameters.")
                    ? "nobody sets it: PostgreSQL's own value holds"
                    : "nobody asks for it";
        }
        if (agreed) {
            return "is " + value;
        }
        return refusals.isEmpty()
                ? "would be %s, but the claim is refused; see howdah why %s".formatted(value, claim)
                : "would be %s, and the claim is refused for it".formatted(value);
    }

    private String fate(Fate fate) {
        return switch (fate) {
            case InForce -> agreed ? "in force" : "comes first";
            case Outranked -> "outranked";
            case Conflicts -> "passed over";
            case Preview -> "preview only";
            case NotApplicable -> "not applicable";
            case Refused -> "refused";
        };
    }

    private static String meaning(String binding) {
        return binding.equals("server")
                ? "server (PostgreSQL holds it; no session can change it)"
                : "configuration (a session starts with it and may still SET it otherwise for itself)";
    }
}
