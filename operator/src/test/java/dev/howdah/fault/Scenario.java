// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
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
            return rig.cluster.serverIsReady();
        }
    },

    /** A new claim with something of everything. */
    create {
        @Override
        void act(Rig rig, String name) {
            rig.cluster.createClaim(name, Spec.FULL);
        }
    },

    /** One edit of every field that may be edited. */
    change(Spec.FULL) {
        @Override
        void act(Rig rig, String name) {
            Cluster.patch(rig.cluster.claim(name), """
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
    shrink(Spec.FULL) {
        @Override
        void act(Rig rig, String name) {
            Cluster.patch(
                    rig.cluster.claim(name),
                    "spec: {connections: 2, parameters: null, extensions: [], schemas: [public], access: [{name: app, role: Owner, binding: true}]}");
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** A role is lowered: its login is closed while its sessions are ended and what it made is handed over. */
    lower(Spec.PLAIN) {
        @Override
        void act(Rig rig, String name) {
            Cluster.patch(rig.cluster.claim(name), "spec: {access: [{name: app, role: ReadOnly}]}");
        }
    },

    /** A new password by the other login, on request; the former one works on. */
    rotate(Spec.PLAIN) {
        @Override
        void act(Rig rig, String name) {
            ask(rig, name, Howdah.ROTATE);
        }

        @Override
        boolean done(Rig rig, String name) {
            return isRotated(rig, name);
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** The same where the password leaked: what was known is shut. */
    rotateNow(Spec.PLAIN) {
        @Override
        void act(Rig rig, String name) {
            ask(rig, name, Howdah.ROTATE_NOW);
        }

        @Override
        boolean done(Rig rig, String name) {
            return isRotated(rig, name)
                    && rig.catalog
                            .rows("SELECT 1 FROM pg_roles WHERE rolcanlogin AND rolname = '" + rig.database(name)
                                    + "_app_a'")
                            .isEmpty();
        }

        @Override
        boolean keepsCredentials() {
            return true;
        }
    },

    /** A database that others made becomes the claim's, data, tables and all, when the DBA agrees to the plan. */
    adopt {
        @Override
        void prepare(Rig rig, String name) {
            rig.makeBrownfield(name);
            pair(rig, name, "");
            rig.cluster.createClaim(name, Spec.PLAIN);
            Rig.await(
                    name + " has a plan",
                    () -> Cluster.says(rig.cluster.claim(name).get(), "Ready", "False", "AwaitingConsent"));
        }

        @Override
        void act(Rig rig, String name) {
            var plan = Objects.requireNonNull(
                    rig.cluster.claim(name).get().getStatus().plan());
            pair(rig, name, ", planHash: \"" + plan.hash() + "\"");
        }

        @Override
        boolean keepsData() {
            return true;
        }

        @Override
        void clean(Rig rig, String name) {
            Cluster.patch(rig.cluster.serverObject(), "spec: {adoptions: null}");
        }
    },

    /** A new password because the Secret is gone. */
    secretLoss(Spec.PLAIN) {
        @Override
        void act(Rig rig, String name) {
            rig.cluster.secretOf(name).delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.cluster.secret(name + "-db") != null && rig.cluster.ready(name);
        }
    },

    /** A claim ends and its database stays. */
    retain(Spec.FULL) {
        @Override
        void act(Rig rig, String name) {
            rig.cluster.claim(name).delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.cluster.claim(name).get() == null;
        }
    },

    /** A claim ends and its database with it. */
    drop {
        @Override
        void prepare(Rig rig, String name) {
            rig.cluster.createClaim(
                    name,
                    "{className: passing, deletionPolicy: Delete, schemas: [public, audit], extensions: [{name: hstore}]}");
            awaitReady(rig, name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.cluster.claim(name).delete();
        }

        @Override
        boolean done(Rig rig, String name) {
            return rig.cluster.claim(name).get() == null
                    && !rig.catalog.hasDatabase(rig.database(name))
                    && rig.ledgerStates(name).isEmpty();
        }
    },

    /** The same claim applied again takes its database back. */
    restore(Spec.PLAIN) {
        @Override
        void prepare(Rig rig, String name) {
            super.prepare(rig, name);
            rig.endClaim(name);
        }

        @Override
        void act(Rig rig, String name) {
            rig.cluster.createClaim(name, Spec.PLAIN);
        }
    },

    /** Somebody else's Secret has the name of ours: it is left alone; once it is gone, the claim goes on. */
    conflict {
        @Override
        void prepare(Rig rig, String name) {
            rig.cluster
                    .client
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(name + "-db")
                            .withNamespace(rig.cluster.namespace)
                            .endMetadata()
                            .addToStringData("password", "somebody else's")
                            .build())
                    .create();
        }

        @Override
        void act(Rig rig, String name) {
            rig.cluster.createClaim(name, Spec.PLAIN);
        }

        @Override
        boolean done(Rig rig, String name) {
            return Cluster.says(rig.cluster.claim(name).get(), "Ready", "False", "SecretConflict");
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
            rig.cluster.secretOf(name).delete();
            Cluster.poke(rig.cluster.claim(name));
        }
    },

    /** A policy comes that sets a value of a running claim. */
    policy(Spec.FULL) {
        @Override
        void act(Rig rig, String name) {
            rig.cluster.apply("""
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
            return rig.cluster.ready(name)
                    && String.valueOf(rig.cluster.claim(name).get().getStatus().effective())
                            .contains("DatabasePolicy/strict");
        }

        @Override
        void clean(Rig rig, String name) {
            rig.cluster
                    .client
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
    orphan(Spec.PLAIN) {
        @Override
        void act(Rig rig, String name) {
            rig.wire.cut();
            Cluster.patch(rig.cluster.claim(name), "metadata: {finalizers: null}");
            rig.cluster.claim(name).delete();
            rig.kill();
            rig.startAside();
        }

        @Override
        boolean done(Rig rig, String name) {
            var closed = rig.ledgerStates(name).equals(List.of("Retained"));
            if (!closed) {
                Cluster.poke(rig.cluster.serverObject());
                Wire.pause(300);
            }
            return closed && rig.cluster.claim(name).get() == null;
        }
    };

    /** Of claims. */
    private static final class Spec {
        static final String FULL = """
                {className: standard, connections: 5, parameters: {work_mem: 8MB, statement_timeout: 30s}, schemas: [public, audit],
                 extensions: [{name: hstore}],
                 access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly, connections: 2}]}""";

        static final String PLAIN = "{className: standard, connections: 5}";
    }

    private final @Nullable String standing;

    Scenario() {
        this.standing = null;
    }

    /** Happens to a claim of this spec, in whose database there is something to lose. */
    Scenario(String standing) {
        this.standing = standing;
    }

    /** What is there before; the operator runs undisturbed. */
    void prepare(Rig rig, String name) {
        if (standing != null) {
            rig.cluster.createClaim(name, standing);
            awaitReady(rig, name);
            leaveData(rig, name);
        }
    }

    abstract void act(Rig rig, String name);

    /** Whether the operator has done all that is to be done. */
    boolean done(Rig rig, String name) {
        return rig.cluster.ready(name);
    }

    /** What is not the claim's and would be in the way of the next run. */
    void clean(Rig rig, String name) {}

    /** Whether there are data before, which must be there afterwards too. */
    boolean keepsData() {
        return standing != null;
    }

    /** Whether the Secrets that stood before must log in at every moment. */
    boolean keepsCredentials() {
        return false;
    }

    private static void ask(Rig rig, String name, String annotation) {
        Cluster.patch(rig.cluster.claim(name), "metadata: {annotations: {" + annotation + ": asked}}");
    }

    private static boolean isRotated(Rig rig, String name) {
        var claim = rig.cluster.claim(name).get();
        return Cluster.says(claim, "Ready", "True", null)
                && "asked".equals(claim.getStatus().lastHandledRotate())
                && Secrets.value(Objects.requireNonNull(rig.cluster.secret(name + "-db")), "username")
                        .endsWith("_b");
    }

    private static void pair(Rig rig, String name, String consent) {
        Cluster.patch(
                rig.cluster.serverObject(),
                "spec: {adoptions: [{database: %s, claimRef: {namespace: %s, name: %s}%s}]}"
                        .formatted(rig.database(name), rig.cluster.namespace, name, consent));
    }

    static void awaitReady(Rig rig, String name) {
        Rig.await(name + " is ready", () -> rig.cluster.ready(name));
    }

    /** What a team would miss. */
    static void leaveData(Rig rig, String name) {
        var secret = Objects.requireNonNull(rig.cluster.secret(name + "-db"));
        try (var app = rig.catalog.login(secret)) {
            Catalog.rows(app, "CREATE TABLE public.kept (text text)");
            Catalog.rows(app, "INSERT INTO public.kept VALUES ('all of it')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What is left of the data; {@code null} without the database or the table. */
    static @Nullable String data(Rig rig, String name) {
        var database = rig.database(name);
        if (!rig.catalog.hasDatabase(database)) {
            return null;
        }
        var there = rig.catalog
                .rows(database, "SELECT to_regclass('public.kept')::text")
                .getFirst();
        return there.equals("null")
                ? null
                : rig.catalog.rows(database, "SELECT text FROM public.kept").getFirst();
    }
}
