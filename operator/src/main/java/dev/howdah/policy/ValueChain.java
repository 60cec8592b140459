// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one value came about: everybody who had a word in it, highest first, and what bounds it.
 *
 * @param path the field, such as {@code parameters.work_mem}
 * @param binding whether sessions can set it otherwise for themselves, {@code null} where that is no question
 */
public record ValueChain(
        String path,
        List<Link> links,
        List<Bound> bounds,
        @Nullable String binding) {

    /** What became of somebody's word. */
    public enum Fate {
        /** It is the value. */
        InForce,
        /** A higher one won. */
        Outranked,
        /** It breaks a limit and is passed over: its author's fault, never the claim's. */
        Conflicts,
        /** Of a policy that is not in Enforce: what it would be. */
        Preview,
        /** The server or its version does not have it. */
        NotApplicable,
        /** The claim asks for what it must not have. */
        Refused
    }

    /** One word. {@code note} says more where there is more to say, else it is empty. */
    public record Link(Source source, String value, Fate fate, String note) {}

    /**
     * One limit.
     *
     * @param waiver the waiver that widens it, {@code null} without one
     */
    public record Bound(
            String policy,
            String mode,
            String limit,
            @Nullable String waiver) {}

    /** The word that counts. */
    public Optional<Link> inForce() {
        return links.stream().filter(link -> link.fate() == Fate.InForce).findFirst();
    }
}
