// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** What policies and a waiver come to: in what the claims say, in a session of the application, in what policies count. */
final class PolicyTour {
    private static final String BY_POLICY = " by policy ";

    private final DemoCluster cluster;
    private final Narrator narrator;

    PolicyTour(DemoCluster cluster, Narrator narrator) {
        this.cluster = cluster;
        this.narrator = narrator;
    }

    /** The claims say whose values they have, and their databases have them. */
    void values(Map<String, Promise> promised) throws SQLException {
        for (var claim : cluster.claims()) {
            var promise = promised.get(claim.key());
            if (promise == null || promise.inForce().isEmpty()) {
                continue;
            }
            if (!claim.why().equals(promise.inForce().getFirst())) {
                throw new NotAsPromised("claim " + claim.key() + " says first: " + claim.why());
            }
            var url = cluster.databaseUrl(claim.namespace(), claim.secret());
            try (var connection = url.connect()) {
                for (var line : promise.inForce()) {
                    if (!claim.decided().contains(line)) {
                        throw new NotAsPromised(
                                "claim " + claim.key() + " does not say \"" + line + "\", only " + claim.decided());
                    }
                    expect(connection, line);
                    narrator.line("as " + url.user() + ", SHOW: " + line);
                }
            }
        }
    }

    private static void expect(Connection connection, String line) throws SQLException {
        var words = line.split(" ", 3);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW " + words[0])) {
            rows.next();
            if (!rows.getString(1).equals(words[1])) {
                throw new NotAsPromised(words[0] + " is " + rows.getString(1) + " in the database, not: " + line);
            }
        }
    }

    /** Who breaks a rule is told, in the status and by an event; who only breaks one that is tried out is not. */
    void warnings() {
        for (var claim : cluster.claims()) {
            var refused = claim.outcome().contains(BY_POLICY);
            var compliant = refused ? "False" : "True";
            if ((refused || claim.ready().equals("True")) && !claim.compliant().equals(compliant)) {
                throw new NotAsPromised(
                        "claim " + claim.key() + " is Compliant=" + claim.compliant() + " instead of " + compliant);
            }
            if (refused) {
                var reason = claim.outcome().split(" ", 3)[1];
                DemoCluster.await(
                        "claim " + claim.key() + " has no warning " + reason,
                        () -> cluster.warned(claim, reason) ? reason : null);
                narrator.line(claim.key() + ": Compliant=False, and a warning in its events");
            }
        }
    }

    /** Waits for what each policy counts, and shows it. */
    void policies(Map<String, Promise> promised) {
        for (var promise : promised.entrySet()) {
            try {
                DemoCluster.await("policy", () -> keeps(promise.getKey(), promise.getValue()) ? promise : null);
            } catch (NotAsPromised e) {
                throw new NotAsPromised(
                        "policy " + promise.getKey() + " is not "
                                + promise.getValue().becomes() + " and Programmed=True: " + cluster.policies(),
                        e);
            }
        }
        narrator.line("every claim is counted");
        PolicyView.table(cluster.policies()).forEach(narrator::text);
    }

    private boolean keeps(String name, Promise promise) {
        return cluster.policies().stream()
                .anyMatch(policy -> policy.name().equals(name)
                        && policy.outcome().equals(promise.becomes())
                        && policy.programmed().equals("True"));
    }
}
