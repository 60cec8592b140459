// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.offer;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.judge.ServerChoice;
import dev.howdah.policy.Room;
import java.util.List;
import java.util.Objects;

/**
 * What a server has left for claims, as its status has it.
 *
 * @param left by what its capacity limits; empty for no limit
 * @param closed whether it takes no new databases
 */
record ServerRoom(String server, List<String> left, boolean closed) {

    /** Nothing where no server has a limit: then there is nothing to plan with. */
    static List<ServerRoom> of(List<PostgresServer> servers) {
        var rooms = servers.stream()
                .filter(server ->
                        server.getStatus() != null && server.getStatus().used() != null)
                .map(ServerRoom::of)
                .toList();
        return rooms.stream().allMatch(room -> room.left().isEmpty()) ? List.of() : rooms;
    }

    private static ServerRoom of(PostgresServer server) {
        var used = Objects.requireNonNull(server.getStatus().used());
        var room = new Room(server.getSpec().capacity(), used.databases(), ServerChoice.demand(used));
        return new ServerRoom(
                server.getMetadata().getName(),
                room.parts().stream().map(Room.Part::left).toList(),
                Boolean.TRUE.equals(server.getSpec().unschedulable()));
    }

    String words() {
        return (left.isEmpty() ? "no limit" : String.join(", ", left) + " left")
                + (closed ? " (closed for new databases)" : "");
    }
}
