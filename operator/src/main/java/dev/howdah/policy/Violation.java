// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ClaimViolation;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a spec breaks a rule.
 *
 * @param path the field, as in {@code parameters.work_mem}
 * @param message what happened, which rule, what is allowed, what to do
 * @param policy whose rule it is, {@code null} where it is no policy's
 * @param mode the policy's enforcement, {@code null} where it is no policy's: then it always holds
 * @param offence what breaks it
 */
public record Violation(
        Reason reason,
        String path,
        String message,
        @Nullable String policy,
        @Nullable Enforcement mode,
        Offence offence) {
    private static final int LONGEST_IN_STATUS = 2048;

    /**
     * What breaks a rule, and how far it is beyond; two with the same rule can be compared.
     *
     * @param beyond how far above a range, or below it as a negative number; 0 where there is no more or less
     */
    public record Offence(String value, double beyond) {
        /** Whether this is the same or a lesser offence. */
        boolean noWorseThan(Offence before) {
            return value.equals(before.value)
                    || (beyond != 0
                            && Math.signum(beyond) == Math.signum(before.beyond)
                            && Math.abs(beyond) <= Math.abs(before.beyond));
        }
    }

    /** A rule that is no policy's. */
    public static Violation of(Reason reason, String path, String value, String message) {
        return new Violation(reason, path, message, null, null, new Offence(value, 0));
    }

    /** Whether a spec with it is refused. */
    public boolean blocks() {
        return mode == null || mode == Enforcement.Enforce;
    }

    /** Whether another one is of the same rule about the same field, and this is no worse. */
    public boolean alreadyIn(Violation standing) {
        return reason == standing.reason
                && path.equals(standing.path)
                && java.util.Objects.equals(policy, standing.policy)
                && offence.noWorseThan(standing.offence);
    }

    /** As the claim's status has it, whose schema bounds the message. */
    public ClaimViolation toStatus() {
        return new ClaimViolation(reason, path, policy, mode, shortened(message, LONGEST_IN_STATUS));
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
