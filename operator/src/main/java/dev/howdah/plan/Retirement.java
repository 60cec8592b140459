// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.policy.ClaimNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a claim: closed at once, and dropped only when its time has come. */
public final class Retirement {
    private static final int CLOSED = 0;
    private static final List<String> CONNECT = List.of("CONNECT");

    private Retirement() {}

    /** Of a claim that was deleted. */
    public static Plan retain(LedgerClaim row, Observed observed, @Nullable Duration dropAfter) {
        return retain(row, observed, dropAfter, RetainedBecause.ClaimDeleted);
    }

    /**
     * Closes every login and keeps the database.
     *
     * @param dropAfter when the sweep may drop it, counted from now; {@code null} for never
     * @param because what is told of it
     */
    public static Plan retain(
            LedgerClaim row, Observed observed, @Nullable Duration dropAfter, RetainedBecause because) {
        var names = new ClaimNames(row.database());
        var steps = new ArrayList<Step>();
        var logins = logins(row).stream().filter(observed.roles()::containsKey).toList();
        if (!logins.isEmpty()) {
            // Memberships first, as nobody but the admin can hold their rows: whoever comes back from then on may not
            // connect any more. A session's open transaction may hold the rows of its login and of its database, so
            // whoever is in goes before those are changed.
            logins.forEach(login -> RolePlan.groups(names, observed, login)
                    .forEach(group -> steps.add(new Step.RevokeRole(group, login))));
            steps.add(new Step.EndSessions(logins));
        }
        logins.forEach(login -> steps.add(new Step.AlterLogin(login, false, CLOSED, null)));
        if (!logins.isEmpty()) {
            steps.addAll(shut(row, observed));
        }
        steps.add(new Step.RecordRetained(row.identity().uid(), dropAfter, because));
        if (!logins.isEmpty()) {
            steps.add(new Step.EndSessions(logins));
        }
        return new Plan(steps);
    }

    private static List<Step> shut(LedgerClaim row, Observed observed) {
        var names = new ClaimNames(row.database());
        var database = observed.database();
        if (database == null || !database.owner().equals(names.databaseRole())) {
            return List.of();
        }
        return names.groups().stream()
                .filter(group -> database.grants(group, CONNECT))
                .<Step>map(group -> new Step.RevokeOnDatabase(row.database(), names.databaseRole(), CONNECT, group))
                .toList();
    }

    /**
     * Drops the database and its roles. Whoever calls this has asked the API server that the claim is really gone. A role
     * that something in another database depends on stays, closed: {@code ClaimWork.rolesLeft} names it. Anybody brings that
     * about by a GRANT to it, so the same claim may have it again, and nobody else.
     */
    public static Plan drop(LedgerClaim row, Observed observed, ServerFacts server) {
        var names = new ClaimNames(row.database());
        var owner = names.databaseRole();
        var uid = row.identity().uid();
        var steps = new ArrayList<Step>();
        steps.add(new Step.RecordDropping(uid));
        var database = observed.database();
        if (database != null && database.owner().equals(owner)) {
            if (!database.broken()) {
                steps.add(new Step.RefuseConnections(row.database(), owner));
                var logins = logins(row).stream()
                        .filter(observed.roles()::containsKey)
                        .toList();
                if (server.superuser()) {
                    steps.add(new Step.EndDatabaseSessions(row.database()));
                } else if (!logins.isEmpty()) {
                    steps.add(new Step.EndSessions(logins));
                }
            }
            steps.add(new Step.DropDatabase(row.database(), owner));
        }
        var roles = new ArrayList<>(logins(row));
        roles.addAll(List.of(names.readOnlyGroup(), names.readWriteGroup(), names.ownerGroup(), owner));
        var there = roles.stream().filter(observed.roles()::containsKey).toList();
        if (!there.isEmpty()) {
            steps.add(new Step.DropRoles(there));
        }
        steps.add(new Step.ForgetClaim(uid));
        return new Plan(steps);
    }

    /** The database is still there after a drop that was refused: it is retained as before, until the next try. */
    public static Plan giveUpDrop(LedgerClaim row) {
        return new Plan(List.of(new Step.RecordRetained(row.identity().uid(), null, RetainedBecause.ClaimDeleted)));
    }

    private static List<String> logins(LedgerClaim row) {
        var fixed = new ClaimNames(row.database()).fixedRoles();
        return row.roles().stream().filter(role -> !fixed.contains(role)).toList();
    }
}
