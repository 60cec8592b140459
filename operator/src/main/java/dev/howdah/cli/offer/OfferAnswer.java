// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.offer;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.judge.QuotaUse;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a namespace may ask for.
 *
 * @param classes those that are there, also those that no claim here may take
 * @param quotas what the namespace may take together
 */
record OfferAnswer(
        String namespace, List<ClassOffer> classes, List<QuotaLeft> quotas, List<Fault> faults, List<String> notes) {
    static OfferAnswer of(Judgements judgements, String namespace) {
        var world = judgements.world();
        var use = judgements.quotaUse(namespace);
        var quotas = QuotaLeft.of(judgements, namespace, use);
        var notes = new ArrayList<>(world.notes());
        if (!quotas.isEmpty()) {
            count(use, notes);
        }
        if (!world.namespaces().containsKey(namespace)) {
            notes.add("the namespace \"%s\" is not there: taken to be without labels".formatted(namespace));
        }
        return new OfferAnswer(
                namespace,
                world.classes().values().stream()
                        .map(one -> ClassOffer.of(judgements, namespace, one))
                        .toList(),
                quotas,
                world.faults(),
                notes);
    }

    /** What of the quotas these objects do not tell. */
    private static void count(QuotaUse use, List<String> notes) {
        if (!use.retained().isEmpty()) {
            notes.add(
                    "databases whose claims were deleted count too: %s; their storage and connections, which the servers' ledgers know, are not subtracted here"
                            .formatted(String.join(", ", use.retained())));
        }
        if (use.unlisted()) {
            notes.add(
                    "databases whose claims were deleted count too; not every server is seen to list its own, so less may be left");
        }
        if (!use.waiting().isEmpty()) {
            notes.add("claims that wait and would fit are not counted yet: %s"
                    .formatted(String.join(", ", use.waiting())));
        }
    }

    Page page() {
        var page = new Page();
        page.line("What claims in namespace \"%s\" may ask for".formatted(namespace));
        if (classes.isEmpty()) {
            page.blank().line("Nothing: no class is published yet. Ask a DBA for one.");
        }
        var refused = classes.stream().filter(one -> one.closed() != null).toList();
        classes.stream().filter(one -> one.closed() == null).forEach(one -> show(page, one));
        if (!refused.isEmpty()) {
            page.blank();
            refused.forEach(one -> page.line("class %s: %s".formatted(one.name(), one.closed())));
        }
        if (!quotas.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("QUOTA", "USED", "OF", "LEFT", "POLICY"));
            quotas.forEach(quota -> rows.add(List.of(
                    quota.what(),
                    quota.used(),
                    quota.of(),
                    quota.left(),
                    quota.mode().equals("Enforce") ? quota.policy() : quota.policy() + " (" + quota.mode() + ")")));
            page.blank().table(0, rows);
        }
        Asides.show(page, faults, notes);
        return page;
    }

    private static void show(Page page, ClassOffer offer) {
        page.blank().line("class " + offer.name() + (offer.isDefault() ? " (the default)" : ""));
        if (offer.description() != null) {
            page.line(2, offer.description());
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("FIELD", "ALLOWED", "IF YOU SAY NOTHING"));
        offer.fields().forEach(field -> rows.add(List.of(field.name(), field.allowed(), field.silent())));
        page.blank().table(2, rows);
        page.blank()
                .item(
                        2,
                        "extensions:",
                        offer.extensions().isEmpty()
                                ? "none"
                                : offer.extensions().stream()
                                        .map(extension -> extension.versions().isEmpty()
                                                ? extension.name()
                                                : extension.name() + " (" + String.join(", ", extension.versions())
                                                        + ")")
                                        .collect(Collectors.joining(", ")));
        offer.room().forEach(room -> page.item(2, "room on %s:".formatted(room.server()), room.words()));
        if (!offer.parameters().isEmpty()) {
            var parameters = new ArrayList<List<String>>();
            parameters.add(List.of("PARAMETER", "ALLOWED", "IF YOU SAY NOTHING"));
            offer.parameters().forEach(field -> parameters.add(List.of(field.name(), field.allowed(), field.silent())));
            page.blank().table(2, parameters);
        }
        page.line(
                2,
                offer.otherParameters()
                        ? "(other parameters: whatever PostgreSQL lets any user set)"
                        : "(other parameters: none)");
    }
}
