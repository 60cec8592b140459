// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Versions of extensions, part by part, numbers as numbers: 1.10 is later than 1.9. */
public final class VersionOrder {
    private static final Pattern PARTS = Pattern.compile("(\\d+)|([A-Za-z]+)");

    private VersionOrder() {}

    /** Below zero where the first one is earlier. */
    public static int compare(String one, String other) {
        var ours = parts(one);
        var theirs = parts(other);
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            var order = comparePart(ours.get(i), theirs.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(ours.size(), theirs.size());
    }

    private static List<String> parts(String version) {
        return PARTS.matcher(version).results().map(MatchResult::group).toList();
    }

    private static int comparePart(String one, String other) {
        var numbers = Character.isDigit(one.charAt(0)) && Character.isDigit(other.charAt(0));
        return numbers ? new BigInteger(one).compareTo(new BigInteger(other)) : one.compareTo(other);
    }
}
