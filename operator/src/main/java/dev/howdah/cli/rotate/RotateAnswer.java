// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.rotate;

import dev.howdah.cli.output.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a rotation that was asked for.
 *
 * @param annotation that asks for it, {@code null} where it was not set
 * @param value of it
 * @param says in a sentence
 * @param wayOut what to do, {@code null} where there is nothing to do
 */
record RotateAnswer(
        String claim,
        Outcome outcome,
        @Nullable String annotation,
        @Nullable String value,
        String says,
        @Nullable String wayOut,
        List<Login> logins) {

    /** How far it came. */
    enum Outcome {
        /** Every login has a new password. */
        Rotated,
        /** The claim carries the annotation; nobody waited for what comes of it. */
        Asked,
        /** A login that was replaced before still works, so there is none to be published next. */
        Pending,
        /** It was asked for, and nothing came of it in the time. */
        TimedOut,
        /** It was tried and did not work. */
        Failed,
        /** There is nothing to rotate, so nothing was asked for. */
        NothingToRotate
    }

    /** One login before and after; the same where nothing came of it yet. */
    record Login(
            String name,
            String secret,
            String before,
            String after,
            @Nullable String rotated) {}

    boolean fine() {
        return outcome == Outcome.Rotated || outcome == Outcome.Asked;
    }

    Page page() {
        var page = new Page();
        page.line("%s: %s".formatted(claim, says));
        if (wayOut != null) {
            page.line(2, wayOut);
        }
        if (outcome == Outcome.Rotated) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("LOGIN", "SECRET", "WAS", "IS", "PASSWORD OF"));
            logins.forEach(login -> rows.add(List.of(
                    login.name(),
                    login.secret(),
                    login.before(),
                    login.after(),
                    Objects.requireNonNullElse(login.rotated(), "not known"))));
            page.blank().table(0, rows);
        }
        return page;
    }
}
