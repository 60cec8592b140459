// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.status;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Hardening;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.state.Trouble;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is.
 *
 * @param well whether the operator can work on it; a weakness that is only reported does not count
 * @param databases in its ledger, {@code null} where that is not known
 */
public record ServerState(
        String server,
        boolean well,
        String ready,
        String reason,
        @Nullable String version,
        @Nullable String hardened,
        @Nullable String inSync,
        @Nullable Integer databases,
        List<Trouble> troubles) {

    public static ServerState of(PostgresServer server) {
        var status = server.getStatus();
        var conditions = status == null ? List.<Condition>of() : Conditions.orNone(status.conditions());
        var ready = Conditions.find(conditions, "Ready");
        var amiss = Conditions.amiss(conditions);
        return new ServerState(
                server.getMetadata().getName(),
                ready.isPresent() && amiss.stream().allMatch(condition -> onlyReported(server, condition)),
                ready.map(Condition::status).orElse("Unknown"),
                ready.map(Condition::reason).orElse("Pending"),
                status == null ? null : status.version(),
                said(conditions, "Hardened"),
                said(conditions, "InSync"),
                status == null || status.used() == null ? null : status.used().databases(),
                Trouble.of(amiss));
    }

    /** A weakness of a server that is not asked to be without. */
    public static boolean onlyReported(PostgresServer server, Condition condition) {
        var hardening = server.getSpec().hardening();
        return condition.type().equals("Hardened") && (hardening == null || hardening == Hardening.Report);
    }

    private static @Nullable String said(List<Condition> conditions, String type) {
        return Conditions.find(conditions, type).map(Condition::status).orElse(null);
    }
}
