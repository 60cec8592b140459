// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import dev.howdah.api.v1alpha1.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code docs/reasons} says about a reason. The pages are packed with the command, so that it can tell what to do where
 * there is no checkout.
 *
 * @param path in the documentation
 * @param advice the points below "What to do", without markup
 */
public record ReasonPage(String path, List<String> advice) {
    private static final String ADVICE = "**What to do:**";
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    /** Empty for what is none of our reasons. */
    public static Optional<ReasonPage> of(String reason) {
        if (Arrays.stream(Reason.values()).noneMatch(known -> known.name().equals(reason))) {
            return Optional.empty();
        }
        return Optional.of(new ReasonPage("docs/reasons/" + reason + ".md", advice(text(reason))));
    }

    private static String text(String reason) {
        try (var in = ReasonPage.class.getResourceAsStream("reasons/" + reason + ".md")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> advice(String page) {
        var points = new ArrayList<StringBuilder>();
        var from = page.indexOf(ADVICE);
        if (from >= 0) {
            for (var line : page.substring(from + ADVICE.length()).strip().split("\n")) {
                if (line.isBlank() || line.startsWith("```")) {
                    break;
                }
                if (line.startsWith("- ") || points.isEmpty()) {
                    points.add(new StringBuilder(line.startsWith("- ") ? line.substring(2) : line));
                } else {
                    points.getLast().append(' ').append(line.strip());
                }
            }
        }
        return points.stream()
                .map(point -> LINK.matcher(point).replaceAll("$1").replace("**", ""))
                .toList();
    }
}
