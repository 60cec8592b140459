// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.regex.Pattern;

/** Words that a team chose, such as the name of a function: they must not write on the terminal of whoever reads them. */
public final class VisibleText {
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private VisibleText() {}

    public static String of(String text) {
        return INVISIBLE.matcher(text).replaceAll("\uFFFD");
    }
}
