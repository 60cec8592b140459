// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Finding;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator would do for a claim.
 *
 * @param outlook in one word
 * @param says the same in a sentence
 * @param hash of the plan of an adoption, {@code null} where nothing is adopted
 * @param consent the command by which a DBA agrees to it, {@code null} where there is nothing to agree to or it is done
 * @param steps what is done, in this order; where a database is there already, what can be told without looking into it
 * @param refusals why nothing is done
 */
record PlanAnswer(
        String claim,
        Outlook outlook,
        String says,
        @Nullable String server,
        @Nullable String database,
        @Nullable String hash,
        @Nullable String consent,
        List<String> steps,
        List<Finding> refusals,
        List<Fault> faults,
        List<String> notes) {

    /** What is to come. */
    enum Outlook {
        /** All is as it was agreed to. */
        Nothing,
        /** A database is made. */
        Make,
        /** Something of what is there changes. */
        Change,
        /** A database that was there before is taken over, once a DBA agrees. */
        Adopt,
        /** Its logins are closed, and the database is kept or dropped. */
        End,
        /** Something has to come first, which may come by itself. */
        Wait,
        /** The claim has to change, or the offer. */
        Refused,
        /** It is left alone on request. */
        Paused
    }

    /** Whether it goes on without anybody. */
    boolean goesOn() {
        return switch (outlook) {
            case Nothing, Make, Change, End -> faults.isEmpty();
            case Adopt -> faults.isEmpty() && consent == null;
            case Wait, Refused, Paused -> false;
        };
    }

    Page page() {
        var page = new Page();
        page.line("%s: %s".formatted(claim, says));
        if (!refusals.isEmpty()) {
            page.blank().line("Refused because");
            refusals.forEach(refusal -> refusal.show(page, 2));
        }
        if (!steps.isEmpty()) {
            page.blank().line(title());
            var number = 1;
            for (var step : steps) {
                page.item(2, "%2d.".formatted(number++), step);
            }
        }
        if (hash != null) {
            page.blank().line("Hash of this plan: " + hash);
        }
        if (consent != null) {
            page.blank().line("To agree, as a DBA:");
            consent.lines().forEach(line -> page.whole(2, line));
        }
        Asides.show(page, faults, notes);
        return page;
    }

    private String title() {
        return switch (outlook) {
            case Adopt -> "What would be done, once the hash stands in the server's adoptions";
            case Paused -> "What would be done if it were not paused";
            case End -> "What is done";
            default -> "What would be done";
        };
    }
}
