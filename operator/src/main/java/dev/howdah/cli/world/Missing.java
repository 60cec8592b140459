// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import java.util.stream.Collectors;

/** What to say of a claim that is not there: which ones are, and what keeps it from being read. */
public record Missing(World world, String claim) {
    private static final int NAMED = 10;

    public String text() {
        var unreadable = world.faults().stream()
                .filter(fault -> fault.subject().equals("DatabaseClaim " + claim))
                .map(fault -> "%s:%d: %s".formatted(fault.file(), fault.line(), fault.message()))
                .findFirst();
        if (unreadable.isPresent()) {
            return "the claim \"%s\" cannot be read: %s".formatted(claim, unreadable.get());
        }
        var namespace = claim.substring(0, claim.indexOf('/') + 1);
        var here = world.claims().keySet().stream()
                .filter(key -> key.startsWith(namespace))
                .limit(NAMED)
                .collect(Collectors.joining(", "));
        return "no claim \"%s\"; %s"
                .formatted(
                        claim,
                        here.isEmpty()
                                ? "there is none in that namespace"
                                : "in that namespace there " + (here.contains(",") ? "are " : "is ") + here);
    }
}
