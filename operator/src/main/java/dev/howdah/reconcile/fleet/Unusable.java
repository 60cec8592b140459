// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a server cannot be used, to those whose databases are there.
 *
 * @param what is so
 * @param until what it is over with
 */
public record Unusable(String what, String until) {
    /** That the ledgers of these servers cannot be read. */
    public static String ledgers(Fleet fleet, List<String> servers) {
        return servers.stream()
                .map(name -> fleet.member(name)
                        .filter(member -> Howdah.isPaused(member.resource()))
                        .map(member -> name + " (paused by a DBA)")
                        .orElse(name))
                .collect(Collectors.joining(", ", "the ledger of ", " cannot be read"));
    }

    public static Unusable of(Member member) {
        return switch (member.state()) {
            case Member.State.Refused refused
            when refused.reason() == Reason.Paused ->
                new Unusable(
                        "a DBA has paused server \"%s\": %s".formatted(member.name(), refused.message()),
                        "it is resumed");
            case Member.State.Refused refused ->
                new Unusable(
                        "server \"%s\" cannot be used now (%s)".formatted(member.name(), refused.reason()),
                        "it can be used");
            default -> new Unusable("server \"%s\" cannot be used now".formatted(member.name()), "it can be used");
        };
    }
}
