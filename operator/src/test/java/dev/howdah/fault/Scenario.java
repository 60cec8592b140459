// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens to a claim: what is there before, what somebody does, and when the operator is through. The
 * operator rests before and after.
 */
enum Scenario {
    /** The first contact with a server: its ledger is founded. */
    found {
        @Override
        void prepare(Rig rig, String name) {
            rig.forgetServer();
        }

        @Override
        void act(Rig rig, String name) {
            rig.publishServer();
            rig.startAside();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.serverIsReady();
        }
    },

    /** A new claim with something of everything. */
    create {
        @Override
        void act(Rig rig, String name) {
            rig.createClaim(name, FULL.formatted("standard"));
        }
    },

    /** One edit of every field that may be edited. */
    change {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, FULL.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            Rig.patch(rig.claim(name), """
                    spec:
                      connections: 7
                      parameters: {work_mem: null, statement_timeout: 20s, lock_timeout: 3s}
                      schemas: [public, audit, billing]
                      extensions: [{name: hstore}, {name: pg_trgm}]
                      access:
                      - {name: app, role: Owner, binding: true}
                      - {name: report, role: ReadWrite}
                      - {name: batch, role: ReadOnly, connections: 2}
                    """);
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** Entries, extensions and parameters go; the login that stays is not disturbed. */
    shrink {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, FULL.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            Rig.patch(
                    rig.claim(name),
                    "spec: {connections: 2, parameters: null, extensions: [], schemas: [public], access: [{name: app, role: Owner, binding: true}]}");
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** A role is lowered: its login is closed while its sessions are ended and what it made is handed over. */
    lower {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            Rig.patch(rig.claim(name), "spec: {access: [{name: app, role: ReadOnly}]}");
        }
    },

    /** A new password because the Secret is gone. */
    secretLoss {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.client
                    .secrets()
                    .inNamespace(rig.namespace)
                    .withName(name + "-db")
                    .delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.secret(name + "-db") != null && rig.ready(name);
        }
    },

    /** A claim ends and its database stays. */
    retain {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, FULL.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.claim(name).delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.claim(name).get() == null;
        }
    },

    /** A claim ends and its database with it. */
    drop {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(
                    name,
                    "{className: passing, deletionPolicy: Delete, schemas: [public, audit], extensions: [{name: hstore}]}");
            awaitReady(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.claim(name).delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.claim(name).get() == null
                    && rig.rows("SELECT datname FROM pg_database WHERE datname = '%s_%s'"
                                    .formatted(rig.namespace, name))
                            .isEmpty()
                    && rig.rows("howdah", "SELECT 1 FROM howdah.claim WHERE name = '" + name + "'")
                            .isEmpty();
        }
    },

    /** The same claim applied again takes its database back. */
    restore {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
            rig.claim(name).delete();
            Rig.await(name + " is gone", () -> rig.claim(name).get() == null);
        }

        @Override
        void act(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
        }
    },

    /** Somebody else's Secret has the name of ours: it is left alone; once it is gone, the claim goes on. */
    conflict {
        @Override
        void prepare(Rig rig, String name) {
            rig.client
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(name + "-db")
                            .withNamespace(rig.namespace)
                            .endMetadata()
                            .addToStringData("password", "somebody else's")
                            .build())
                    .create();
        }

        @Override
        void act(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
        }

        @Override
        boolean done(Rig rig, String name) {
            return Rig.says(rig.claim(name).get(), "Ready", "False", "SecretConflict");
        }
    },

    /** The name is free at last. */
    conflictSolved {
        @Override
        void prepare(Rig rig, String name) {
            conflict.prepare(rig, name);
            conflict.act(rig, name);
            Rig.await(name + " is in conflict", () -> conflict.done(rig, name));
        }

        @Override
        void act(Rig rig, String name) {
            rig.client
                    .secrets()
                    .inNamespace(rig.namespace)
                    .withName(name + "-db")
                    .delete();
            Rig.poke(rig.claim(name));
        }
    },

    /** A policy comes that sets a value of a running claim. */
    policy {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, FULL.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.apply("""
                    apiVersion: howdah.dev/v1alpha1
                    kind: DatabasePolicy
                    metadata: {name: strict}
                    spec:
                      enforcement: Enforce
                      target: {classNames: [standard]}
                      overrides: {parameters: {idle_in_transaction_session_timeout: 5min, work_mem: 16MB}}
                      limits: {connections: {max: 100}}
                    """);
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.ready(name)
                    && String.valueOf(rig.claim(name).get().getStatus().effective())
                            .contains("DatabasePolicy/strict");
        }

        @Override
        void clean(Rig rig, String name) {
            rig.client
                    .genericKubernetesResources("howdah.dev/v1alpha1", "DatabasePolicy")
                    .withName("strict")
                    .delete();
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** A claim whose finalizer was stripped: its row is closed, its data kept. */
    orphan {
        @Override
        void prepare(Rig rig, String name) {
            rig.createClaim(name, PLAIN.formatted("standard"));
            awaitReady(rig, name);
            leaveData(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.wire.cut();
            Rig.patch(rig.claim(name), "metadata: {finalizers: null}");
            rig.claim(name).delete();
            rig.kill();
            rig.startAside();
        }

        @Override
        boolean done(Rig rig, String name) {
            var closed = rig.rows("howdah", "SELECT state FROM howdah.claim WHERE name = '" + name + "'")
                    .equals(List.of("Retained"));
            if (!closed) {
                Rig.poke(rig.serverObject());
                Wire.pause(300);
            }
            return closed && rig.claim(name).get() == null;
        }
    };

    private static final String FULL = """
            {className: %s, connections: 5, parameters: {work_mem: 8MB, statement_timeout: 30s}, schemas: [public, audit],
             extensions: [{name: hstore}],
             access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly, connections: 2}]}""";

    private static final String PLAIN = "{className: %s, connections: 5}";

    /** What is there before; the operator runs undisturbed. */
    void prepare(Rig rig, String name) {}

    abstract void act(Rig rig, String name);

    /** Whether the operator has done all that is to be done. */
    boolean done(Rig rig, String name) {
        return rig.ready(name);
    }

    /** What is not the claim's and would be in the way of the next run. */
    void clean(Rig rig, String name) {}

    /** Whether the Secrets that stood before must log in at every moment. */
    boolean keepsCredentials() {
        return false;
    }

    static void awaitReady(Rig rig, String name) {
        Rig.await(name + " is ready", () -> rig.ready(name));
    }

    /** What a team would miss. */
    static void leaveData(Rig rig, String name) {
        var secret = Objects.requireNonNull(rig.secret(name + "-db"));
        try (var app = rig.login(secret)) {
            Rig.rows(app, "CREATE TABLE public.kept (text text)");
            Rig.rows(app, "INSERT INTO public.kept VALUES ('all of it')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What is left of the data; {@code null} without the database or the table. */
    static @Nullable String data(Rig rig, String name) {
        var database = rig.namespace + "_" + name;
        if (rig.rows("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                .isEmpty()) {
            return null;
        }
        var there =
                rig.rows(database, "SELECT to_regclass('public.kept')::text").getFirst();
        return there.equals("null")
                ? null
                : rig.rows(database, "SELECT text FROM public.kept").getFirst();
    }
}
