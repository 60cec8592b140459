// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.policy.Room.Measure;
import dev.howdah.policy.Room.Part;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a new claim finds no room, and what its team can do. */
final class Shortage {
    private static final int NAMED = 5;

    private final EffectiveClaim claim;
    private final SortedMap<String, List<Part>> byServer;

    /** @param byServer what each suitable server lacks for the claim */
    Shortage(EffectiveClaim claim, SortedMap<String, List<Part>> byServer) {
        this.claim = claim;
        this.byServer = byServer;
    }

    String message() {
        return text(Room::left);
    }

    /** The same without what other databases take. */
    String lasting() {
        return text(Room::lasting);
    }

    private String text(Function<List<Part>, String> lacks) {
        var servers = byServer.entrySet().stream()
                .limit(NAMED)
                .map(server -> "\"%s\": %s".formatted(server.getKey(), lacks.apply(server.getValue())))
                .collect(Collectors.joining("; "));
        return "no suitable server has room for one more database with %d connections and %s of storage (%s%s); %sask a DBA for room"
                .formatted(
                        claim.connections(),
                        StorageText.format(claim.storage()),
                        servers,
                        byServer.size() > NAMED ? "; and %d more".formatted(byServer.size() - NAMED) : "",
                        lessOf().isEmpty()
                                ? ""
                                : "ask for less %s, or "
                                        .formatted(lessOf().stream()
                                                .map(measure -> "`%s`".formatted(measure))
                                                .collect(Collectors.joining(" or "))));
    }

    /** What would do where no database is one too many. */
    private SortedSet<Measure> lessOf() {
        return byServer.values().stream()
                .filter(lacks -> lacks.stream().noneMatch(part -> part.measure() == Measure.databases))
                .flatMap(List::stream)
                .map(Part::measure)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
