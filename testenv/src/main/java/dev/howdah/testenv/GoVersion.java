// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** A version of the Go tool chain, compared by number. */
record GoVersion(int major, int minor, int patch) implements Comparable<GoVersion> {
    private static final Pattern FORM = Pattern.compile("(?:go)?(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    /** The first version in a text such as {@code go version go1.26.8 linux/amd64}. */
    static Optional<GoVersion> in(String text) {
        var found = FORM.matcher(text);
        if (!found.find()) {
            return Optional.empty();
        }
        String patch = found.group(3);
        return Optional.of(new GoVersion(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                patch == null ? 0 : Integer.parseInt(patch)));
    }

    @Override
    public int compareTo(GoVersion other) {
        return Comparator.comparingInt(GoVersion::major)
                .thenComparingInt(GoVersion::minor)
                .thenComparingInt(GoVersion::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
