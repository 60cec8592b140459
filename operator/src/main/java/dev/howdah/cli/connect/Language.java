// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.connect;

import java.util.List;
import java.util.Locale;

/**
 * What an application is written in. Each form reads the Secret when it runs, so that it goes on after a rotation and
 * holds nothing secret itself.
 */
enum Language {
    PSQL("psql"),
    SPRING("Spring Boot, in the container"),
    QUARKUS("Quarkus, in the container"),
    DOTNET(".NET (Npgsql)"),
    NODE("Node.js (pg)"),
    PYTHON("Python (psycopg)"),
    GO("Go (pgx)");

    private final String title;

    Language(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether its lines read what {@link #environment} gives a container. */
    boolean readsEnvironment() {
        return switch (this) {
            case PSQL, SPRING, QUARKUS -> false;
            case DOTNET, NODE, PYTHON, GO -> true;
        };
    }

    /** Lines for a container. */
    static List<String> environment(String secret) {
        return List.of("envFrom:", "- secretRef: {name: %s}".formatted(secret));
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Lines to copy. */
    List<String> lines(String namespace, String secret) {
        return switch (this) {
            case PSQL ->
                List.of(
                        "psql \"$(kubectl get secret %s -n %s \\".formatted(secret, namespace),
                        "  -o go-template='{{.data.uri | base64decode}}')\"");
            case SPRING -> variable("SPRING_DATASOURCE_URL", secret);
            case QUARKUS -> variable("QUARKUS_DATASOURCE_JDBC_URL", secret);
            case DOTNET -> """
                        static string Env(string name) => Environment.GetEnvironmentVariable(name)!;
                        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder {
                          Host = Env("PGHOST"), Port = int.Parse(Env("PGPORT")),
                          Database = Env("PGDATABASE"), Username = Env("PGUSER"),
                          Password = Env("PGPASSWORD"),
                          SslMode = Enum.Parse<SslMode>(Env("PGSSLMODE").Replace("-", ""), true)
                        });""".lines().toList();
            case NODE -> """
                        // Host, port, database, user and password are taken from PGHOST and so on.
                        const { Pool } = require('pg')
                        const ssl = process.env.PGSSLMODE === 'disable'
                          ? false : { rejectUnauthorized: false }
                        const pool = new Pool({ ssl })""".lines().toList();
            case PYTHON -> """
                        import psycopg
                        connection = psycopg.connect()  # reads PGHOST, PGUSER and so on""".lines().toList();
            case GO -> """
                        // Reads PGHOST, PGUSER and so on.
                        pool, err := pgxpool.New(context.Background(), "")""".lines().toList();
        };
    }

    /** One variable that these frameworks know by themselves. */
    private static List<String> variable(String name, String secret) {
        return List.of(
                "env:", "- name: " + name, "  valueFrom: {secretKeyRef: {name: %s, key: jdbc-url}}".formatted(secret));
    }
}
