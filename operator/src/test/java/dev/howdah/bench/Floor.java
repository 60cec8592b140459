// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * The script that the operator is compared with: the very messages that the server logged for one claim, sent again with
 * other names over as many warm connections as the operator has. It knows nothing of Kubernetes and decides nothing.
 */
public final class Floor {
    /** As {@code Sessions.SIZE} of the operator. */
    private static final int CONNECTIONS = 2;

    private static final String LEDGER = "howdah";
    private static final Pattern ENTRY =
            Pattern.compile("(?m)^\\d{4}-\\S+ \\S+ \\S+ \\[\\d+\\] (?:(\\S+)@(\\S+) )?LOG:  (.*(?:\\n\\t.*)*)");
    private static final String STATEMENT = "statement: ";

    /** What a driver says of itself, when the one who tries the login comes by. */
    private static final String NOT_OURS = STATEMENT + "SET application_name";

    private final TestPostgres postgres;
    private final Template template;

    private Floor(TestPostgres postgres, Template template) {
        this.postgres = postgres;
        this.template = template;
    }

    /** A message of the operator, and the session it went over. */
    private record Message(String user, String database, String sql) {}

    /**
     * What one claim took.
     *
     * @param name of the claim; it is part of every name on the server
     */
    private record Template(String name, String uid, String password, List<Message> messages) {}

    /**
     * From what a server logged while it served a claim and nothing else; nothing where that is of no new database.
     *
     * @param password of the claim's login, which every login of the script gets
     */
    public static Optional<Floor> of(TestPostgres postgres, String log, String name, String uid, String password) {
        var messages = new ArrayList<Message>();
        var entries = ENTRY.matcher(log);
        while (entries.find()) {
            var text = entries.group(3);
            if (text.startsWith(STATEMENT)
                    && !text.startsWith(NOT_OURS)
                    && (text.contains(name) || entries.group(2).contains(name))) {
                messages.add(new Message(
                        entries.group(1),
                        entries.group(2),
                        text.substring(STATEMENT.length()).replace("\n\t", "\n")));
            }
        }
        return messages.stream().anyMatch(message -> message.sql().startsWith("CREATE DATABASE"))
                ? Optional.of(new Floor(postgres, new Template(name, uid, password, messages)))
                : Optional.empty();
    }

    /** How many messages a claim takes. */
    public int messages() {
        return template.messages().size();
    }

    /** How long it takes to make these; the warm connections are made before. */
    public Duration run(List<String> names) throws SQLException {
        var todo = new ConcurrentLinkedQueue<>(names);
        try (var first = connect(LEDGER, postgres.superuser(), postgres.superuserPassword());
                var second = connect(LEDGER, postgres.superuser(), postgres.superuserPassword());
                var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            long begin = System.nanoTime();
            var workers = List.of(first, second).stream()
                    .map(warm -> threads.submit(() -> {
                        for (var name = todo.poll(); name != null; name = todo.poll()) {
                            claim(warm, name);
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> worker : workers) {
                worker.get();
            }
            return Duration.ofNanos(System.nanoTime() - begin);
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the script failed", e);
        }
    }

    private void claim(Connection warm, String name) throws SQLException {
        var uid = UUID.randomUUID().toString();
        for (var message : template.messages()) {
            var sql = message.sql().replace(template.name(), name).replace(template.uid(), uid);
            if (message.database().equals(LEDGER)) {
                send(warm, sql);
            } else {
                var admin = message.user().equals(postgres.superuser());
                try (var inside = connect(
                        message.database().replace(template.name(), name),
                        message.user().replace(template.name(), name),
                        admin ? postgres.superuserPassword() : template.password())) {
                    send(inside, sql);
                }
            }
        }
    }

    private Connection connect(String database, String user, String password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        // As the operator: nothing of the driver's own after the login, and a message is one round trip.
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("gssEncMode", "disable");
        return new Driver().connect(postgres.jdbcUrl(database), properties);
    }

    private static void send(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            var rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() != -1) {
                rows = statement.getMoreResults();
            }
        }
    }

    /** Takes away what {@link #run} made, from the ledger too. */
    public void clear(List<String> names) throws SQLException {
        try (var connection = connect(LEDGER, postgres.superuser(), postgres.superuserPassword());
                var statement = connection.createStatement()) {
            for (var name : names) {
                var database = text(statement, "SELECT database FROM howdah.claim WHERE name = '" + name + "'");
                var roles = text(
                        statement,
                        "SELECT string_agg(quote_ident(r), ', ') FROM howdah.claim, unnest(roles) AS r WHERE name = '"
                                + name + "'");
                statement.execute("DROP DATABASE \"" + database + "\" WITH (FORCE)");
                statement.execute("DROP ROLE " + roles);
                statement.execute(
                        "DELETE FROM howdah.login WHERE claim_uid IN (SELECT claim_uid FROM howdah.claim WHERE name = '"
                                + name + "'); DELETE FROM howdah.claim WHERE name = '" + name + "'");
            }
            statement.execute("CHECKPOINT");
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
