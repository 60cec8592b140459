// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the comment of an example says becomes of it.
 *
 * @param beforeWaivers what it is until the waivers are there; mostly the same
 * @param inForce parameters that somebody else than the claim had a word in, the most remarkable first
 */
record Promise(String becomes, String beforeWaivers, List<String> inForce) {
    private static final Pattern BECOMES = Pattern.compile("(?m)^# Becomes: (\\S.*)$");
    private static final Pattern BEFORE = Pattern.compile("(?m)^# Before the waiver: (\\S.*)$");
    private static final Pattern IN_FORCE = Pattern.compile("(?m)^# In force: (\\S.*)$");

    /** Nothing where the comment promises nothing. */
    static Optional<Promise> of(String file) {
        return first(BECOMES, file)
                .map(becomes -> new Promise(becomes, first(BEFORE, file).orElse(becomes), all(IN_FORCE, file)));
    }

    private static Optional<String> first(Pattern pattern, String file) {
        return all(pattern, file).stream().findFirst();
    }

    private static List<String> all(Pattern pattern, String file) {
        return pattern.matcher(file)
                .results()
                .map((MatchResult line) -> line.group(1).strip())
                .toList();
    }
}
