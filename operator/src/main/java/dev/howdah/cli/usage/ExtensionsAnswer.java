// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.usage;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every use of an extension, by extension and claim. */
record ExtensionsAnswer(List<ExtensionUse> uses, List<Fault> faults, List<String> notes) {

    static ExtensionsAnswer of(Judgements judgements, @Nullable String namespace) {
        var world = judgements.world();
        var notes = new ArrayList<>(world.notes());
        var claims = judgements.all().stream()
                .filter(judged -> namespace == null || judged.namespace().equals(namespace))
                .toList();
        var unjudged = claims.stream()
                .filter(judged -> judged.bound() && judged.review() == null)
                .count();
        if (unjudged > 0) {
            notes.add(
                    "%d of the claims are of a class that is not there; what policies have against their extensions is not known"
                            .formatted(unjudged));
        }
        return new ExtensionsAnswer(
                claims.stream()
                        .flatMap(judged -> ExtensionUse.of(judged, world).stream())
                        .sorted(Comparator.comparing(ExtensionUse::extension).thenComparing(ExtensionUse::claim))
                        .toList(),
                world.faults(),
                List.copyOf(notes));
    }

    boolean allAllowed() {
        return uses.stream().noneMatch(ExtensionUse::noLongerAllowed);
    }

    Page page() {
        var page = new Page();
        if (uses.isEmpty()) {
            page.line("No claim has an extension.");
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("EXTENSION", "VERSION", "UPDATE", "CLAIM", "SERVER", "STANDING"));
            uses.forEach(use -> rows.add(List.of(
                    use.extension(),
                    use.version() == null ? "?" : use.version(),
                    use.update() == null ? "" : use.update(),
                    use.claim(),
                    use.server() == null ? "" : use.server(),
                    use.standing())));
            page.table(0, rows);
            page.blank()
                    .line("%d in use, %d with an update, %d no longer allowed"
                            .formatted(
                                    uses.size(),
                                    uses.stream()
                                            .filter(use -> use.update() != null)
                                            .count(),
                                    uses.stream()
                                            .filter(ExtensionUse::noLongerAllowed)
                                            .count()));
        }
        var objected = uses.stream().filter(use -> !use.against().isEmpty()).toList();
        if (!objected.isEmpty()) {
            page.blank().line("What policies have against them");
            objected.forEach(use -> {
                page.line(2, use.claim());
                use.against()
                        .forEach(objection -> page.line(4, "(%s) %s".formatted(objection.mode(), objection.message())));
            });
        }
        Asides.show(page, faults, notes);
        return page;
    }
}
