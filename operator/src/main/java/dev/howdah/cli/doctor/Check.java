// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was looked at and what came of it.
 *
 * @param area such as {@code server}
 * @param subject what it is about
 * @param wayOut what to do; {@code null} where nothing is to be done
 */
record Check(
        String area,
        String subject,
        Level level,
        String says,
        @Nullable String wayOut) {

    /** How bad it is. */
    enum Level {
        Fine("ok"),
        /** Nobody is hurt by it, somebody may be later. */
        Warning("warning"),
        Problem("PROBLEM"),
        /** This user may not see it. */
        NotChecked("not seen");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static Check fine(String area, String subject, String says) {
        return new Check(area, subject, Level.Fine, says, null);
    }

    static Check warning(String area, String subject, String says, String wayOut) {
        return new Check(area, subject, Level.Warning, says, wayOut);
    }

    static Check problem(String area, String subject, String says, String wayOut) {
        return new Check(area, subject, Level.Problem, says, wayOut);
    }

    /** @param what that this user may not do */
    static Check notChecked(String area, String subject, String what) {
        return new Check(area, subject, Level.NotChecked, "this user may not " + what, null);
    }

    /** The same where there is nothing wrong with any of several. */
    static List<Check> orFine(List<Check> checks, String area, String subject, String says) {
        return checks.stream().allMatch(check -> check.level() == Level.Fine)
                ? List.of(fine(area, subject, says))
                : checks.stream().filter(check -> check.level() != Level.Fine).toList();
    }
}
