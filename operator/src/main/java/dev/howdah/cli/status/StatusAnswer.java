// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.status;

import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.state.Trouble;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the claims of a namespace or of the cluster are, and the servers.
 *
 * @param servers those of the claims where it is about a namespace
 */
public record StatusAnswer(
        boolean well,
        @Nullable String namespace,
        List<ClaimStatus> claims,
        List<ServerState> servers,
        List<Fault> faults,
        List<String> notes) {

    public static StatusAnswer of(World world, @Nullable String namespace) {
        var claims = world.claims().values().stream()
                .filter(claim -> namespace == null
                        || namespace.equals(claim.getMetadata().getNamespace()))
                .map(claim -> ClaimStatus.of(claim, world))
                .toList();
        var servers = world.servers().values().stream()
                .filter(server -> namespace == null
                        || claims.stream()
                                .anyMatch(
                                        claim -> server.getMetadata().getName().equals(claim.server())))
                .map(ServerState::of)
                .toList();
        return new StatusAnswer(
                claims.stream().allMatch(ClaimStatus::well)
                        && servers.stream().allMatch(ServerState::well)
                        && world.faults().isEmpty(),
                namespace,
                claims,
                servers,
                world.faults(),
                world.notes());
    }

    public Page page() {
        var page = new Page();
        if (claims.isEmpty()) {
            page.line(
                    namespace == null
                            ? "There is no claim."
                            : "There is no claim in namespace \"%s\".".formatted(namespace));
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("CLAIM", "READY", "REASON", "SERVER", "SECRETS"));
            claims.forEach(claim -> rows.add(List.of(
                    claim.claim(),
                    claim.ready(),
                    claim.inShort().isEmpty() ? claim.reason() : claim.reason() + "; " + claim.inShort(),
                    Objects.requireNonNullElse(claim.server(), ""),
                    String.join(
                            " ",
                            claim.logins().stream()
                                    .map(ClaimStatus.LoginStatus::secret)
                                    .toList()))));
            page.table(0, rows);
        }
        if (!servers.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("SERVER", "READY", "REASON", "VERSION", "HARDENED", "IN SYNC", "DATABASES"));
            servers.forEach(server -> rows.add(List.of(
                    server.server(),
                    server.ready(),
                    server.reason(),
                    Objects.requireNonNullElse(server.version(), ""),
                    Objects.requireNonNullElse(server.hardened(), ""),
                    Objects.requireNonNullElse(server.inSync(), ""),
                    server.databases() == null ? "" : server.databases().toString())));
            page.blank().table(0, rows);
        }
        troubles(page);
        page.blank()
                .line("%d of %d claims and %d of %d servers are as they should be"
                        .formatted(
                                claims.stream().filter(ClaimStatus::well).count(),
                                claims.size(),
                                servers.stream().filter(ServerState::well).count(),
                                servers.size()));
        Asides.show(page, faults, notes);
        return page;
    }

    private void troubles(Page page) {
        var first = true;
        for (var server : servers) {
            first = troubles(page, "server " + server.server(), server.troubles(), first);
        }
        for (var claim : claims) {
            first = troubles(page, claim.claim(), claim.troubles(), first);
        }
    }

    /** What to do is on the reason's page, and shown for one claim; here it would be too much. */
    private static boolean troubles(Page page, String subject, List<Trouble> troubles, boolean first) {
        if (troubles.isEmpty()) {
            return first;
        }
        if (first) {
            page.blank().line("What is not as it should be");
        }
        page.line(2, subject);
        troubles.forEach(trouble -> {
            page.line(4, "%s (%s)".formatted(trouble.reason(), String.join(", ", trouble.conditions())));
            page.line(6, trouble.message());
            if (trouble.page() != null) {
                page.line(6, "See " + trouble.page());
            }
        });
        return false;
    }
}
