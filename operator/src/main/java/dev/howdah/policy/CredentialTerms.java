// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.CredentialSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When logins get new passwords: what one object says of it, or what all of them come to.
 *
 * @param rotateEvery {@code null} for only when asked
 * @param overlap {@code null} for the built-in one
 * @param closeAfter {@code null} for never while it is in use
 */
public record CredentialTerms(
        @Nullable Duration rotateEvery,
        @Nullable Duration overlap,
        @Nullable Duration closeAfter) {

    public static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
    public static final CredentialTerms NONE = new CredentialTerms(null, null, null);

    private static final int LONGEST = 24;

    /** How long the login before is sure to work. */
    public Duration overlapInForce() {
        return overlap == null ? DEFAULT_OVERLAP : overlap;
    }

    /**
     * Reads what an object says. What is wrong is added to the faults, also what the API server's schema would have
     * refused.
     */
    public static CredentialTerms read(String path, @Nullable CredentialSettings given, List<String> faults) {
        if (given == null) {
            return NONE;
        }
        var terms = new CredentialTerms(
                duration(path + ".rotateEvery", given.rotateEvery(), faults),
                duration(path + ".overlap", given.overlap(), faults),
                duration(path + ".closeAfter", given.closeAfter(), faults));
        var every = terms.rotateEvery();
        var overlap = terms.overlap();
        var closeAfter = terms.closeAfter();
        if (every != null && every.isZero()) {
            faults.add(
                    "`%s.rotateEvery`: must be longer than 0; leave it out to rotate only on request".formatted(path));
        } else if (every != null && overlap != null && overlap.compareTo(every) >= 0) {
            faults.add("`%s.overlap`: must be shorter than rotateEvery, or no rotation could begin in time"
                    .formatted(path));
        }
        if (closeAfter != null && overlap != null && closeAfter.compareTo(overlap) < 0) {
            faults.add("`%s.closeAfter`: must not be shorter than overlap, for which the login before is sure to work"
                    .formatted(path));
        }
        return terms;
    }

    private static @Nullable Duration duration(String path, @Nullable String text, List<String> faults) {
        if (text == null) {
            return null;
        }
        try {
            if (text.length() <= LONGEST) {
                return DurationText.parse(text);
            }
            faults.add("`%s`: is longer than %d characters".formatted(path, LONGEST));
        } catch (IllegalArgumentException | ArithmeticException e) {
            faults.add("`%s`: %s".formatted(path, e.getMessage()));
        }
        return null;
    }
}
