// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.cli.output.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be.
 *
 * @param conditions the types that say so, such as {@code Ready=False}
 * @param page where more is said about the reason, {@code null} for a reason that is none of ours
 * @param advice what to do, from that page
 */
public record Trouble(
        List<String> conditions,
        String reason,
        String message,
        @Nullable String page,
        List<String> advice) {

    /** Conditions that say the same are one trouble. */
    public static List<Trouble> of(List<Condition> amiss) {
        var troubles = new ArrayList<Trouble>();
        for (var condition : amiss) {
            var text = condition.type() + "=" + condition.status();
            var same = troubles.stream()
                    .filter(one -> one.reason().equals(condition.reason())
                            && one.message().equals(condition.message()))
                    .findFirst();
            if (same.isPresent()) {
                same.get().conditions().add(text);
            } else {
                var page = ReasonPage.of(condition.reason());
                troubles.add(new Trouble(
                        new ArrayList<>(List.of(text)),
                        condition.reason(),
                        condition.message(),
                        page.map(ReasonPage::path).orElse(null),
                        page.map(ReasonPage::advice).orElse(List.of())));
            }
        }
        return List.copyOf(troubles);
    }

    /** The conditions, the message, and what to do. */
    public void show(Page page, int indent) {
        page.line(indent, "%s (%s)".formatted(reason, String.join(", ", conditions)));
        page.line(indent + 2, message);
        advice.forEach(one -> page.item(indent + 2, "-", one));
        if (this.page != null) {
            page.line(indent + 2, "See " + this.page);
        }
    }
}
