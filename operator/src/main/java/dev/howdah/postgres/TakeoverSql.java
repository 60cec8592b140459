// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * How a database that somebody else made changes hands. An admin that is no superuser acts for the former owner by a
 * membership it gives itself and takes back within the same transaction.
 */
final class TakeoverSql {
    private final ServerFacts server;

    TakeoverSql(ServerFacts server) {
        this.server = server;
    }

    List<String> admit(Step.AdmitToDatabase s) {
        var statements = new ArrayList<String>();
        statements.add("GRANT CREATE ON DATABASE " + id(s.database()) + " TO " + id(s.ownerGroup()));
        if (!server.superuser()) {
            statements.add("GRANT CONNECT, CREATE ON DATABASE " + id(s.database()) + " TO " + id(server.admin()));
        }
        return actingFor(s.from(), s.borrow(), statements);
    }

    /** A change of owners makes the former owner's own rights the new one's, so whoever stays is let in after it. */
    List<String> take(Step.TakeDatabase s) {
        var statements = new ArrayList<>(actingFor(
                s.from(),
                s.borrow(),
                List.of("ALTER DATABASE " + id(s.database()) + " OWNER TO " + id(s.databaseRole()))));
        statements.add("SET LOCAL ROLE " + id(s.databaseRole()));
        statements.add(StepSql.assertUser(s.databaseRole()));
        for (var role : s.keeps()) {
            statements.add("GRANT CONNECT, TEMPORARY" + (role.equals(s.from()) ? ", CREATE" : "") + " ON DATABASE "
                    + id(s.database()) + " TO " + id(role));
        }
        statements.add("SET LOCAL ROLE NONE");
        statements.add(StepSql.assertUser(server.admin()));
        return statements;
    }

    List<String> take(Step.TakeObject s) {
        return actingFor(
                s.from(), s.borrow(), List.of("ALTER " + s.kind() + " " + s.identity() + " OWNER TO " + id(s.to())));
    }

    private List<String> actingFor(String role, boolean borrow, List<String> statements) {
        if (server.superuser() || !borrow || role.equals(server.admin())) {
            return statements;
        }
        var all = new ArrayList<String>();
        all.add("GRANT " + id(role) + " TO " + id(server.admin())
                + (server.membershipOptions() ? " WITH INHERIT TRUE, SET TRUE" : ""));
        all.addAll(statements);
        all.add("REVOKE " + id(role) + " FROM " + id(server.admin()));
        return all;
    }

    private static String id(String name) {
        return Quoting.identifier(name);
    }
}
