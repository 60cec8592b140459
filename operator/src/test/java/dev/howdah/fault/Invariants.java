// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.Secrets;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What must hold after every fault, whatever the claim was to become; the numbers are those of the invariants in
 * {@code docs/reliability.md}.
 */
final class Invariants {
    private final Rig rig;
    private final Set<String> passwords = new LinkedHashSet<>();

    Invariants(Rig rig) {
        this.rig = rig;
    }

    /** What is broken, in words; empty is good. */
    List<String> broken() {
        var broken = rights();
        collect(broken, "1, 2: databases or ledger rows without the other", """
                SELECT 'row ' || database FROM howdah.claim WHERE state IN ('Active', 'Retained')
                  AND NOT EXISTS (SELECT FROM pg_database WHERE datname = database AND datconnlimit <> -2)
                UNION ALL SELECT 'database ' || datname FROM pg_database WHERE starts_with(datname, 'run_')
                  AND NOT EXISTS (SELECT FROM howdah.claim WHERE database = datname)
                UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE starts_with(rolname, 'run_')
                  AND NOT EXISTS (SELECT FROM howdah.claim WHERE rolname = ANY (roles))""");
        collect(broken, "11: the journal went back to a former epoch", """
                SELECT id::text FROM (SELECT id, epoch, lag(epoch) OVER (ORDER BY id) AS before FROM howdah.journal) AS lines
                  WHERE epoch < before""");
        for (var secret : rig.cluster
                .client
                .secrets()
                .inAnyNamespace()
                .withLabel("howdah.dev/claim")
                .list()
                .getItems()) {
            if (!secret.getMetadata().getNamespace().equals(rig.cluster.namespace)) {
                broken.add("4: a Secret in another namespace: "
                        + secret.getMetadata().getNamespace() + "/"
                        + secret.getMetadata().getName());
            }
            remember(secret);
        }
        for (var secret :
                rig.cluster.client.secrets().inNamespace("howdah-system").list().getItems()) {
            if (!secret.getMetadata().getName().equals("main")
                    && !secret.getMetadata().getName().startsWith("howdah-webhook")) {
                broken.add(
                        "4: a Secret among the admin's: " + secret.getMetadata().getName());
            }
        }
        return broken;
    }

    /** 3, 13: what must hold at every moment, also in the middle of anything. */
    List<String> rights() {
        var broken = new ArrayList<String>();
        collect(broken, "3: paths between tenants or to predefined roles", """
                SELECT m.member::regrole || ' -> ' || m.roleid::regrole FROM pg_auth_members m
                  JOIN pg_roles b ON b.oid = m.member JOIN pg_roles a ON a.oid = m.roleid
                  WHERE starts_with(b.rolname, 'run_') AND NOT EXISTS (SELECT FROM howdah.claim
                    WHERE a.rolname = ANY (roles) AND b.rolname = ANY (roles))
                UNION ALL SELECT rolname || ' has attributes' FROM pg_roles WHERE starts_with(rolname, 'run_')
                  AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
                UNION ALL SELECT datname || ' lets in PUBLIC' FROM pg_database WHERE starts_with(datname, 'run_')
                  AND EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba)))
                    WHERE grantee = 0 AND privilege_type IN ('CONNECT', 'TEMPORARY'))
                  AND EXISTS (SELECT FROM howdah.claim WHERE database = datname AND state = 'Active')""");
        collect(broken, "1: logins of what is retained are open", """
                SELECT rolname FROM pg_roles JOIN howdah.claim ON rolname = ANY (roles)
                  WHERE rolcanlogin AND state IN ('Retained', 'Dropping')""");
        return broken;
    }

    void remember(Secret secret) {
        if (secret.getData() != null && secret.getData().containsKey("password")) {
            passwords.add(Secrets.value(secret, "password"));
        }
    }

    private void collect(List<String> broken, String what, String sql) {
        var found = rig.catalog.rows("howdah", sql);
        if (!found.isEmpty()) {
            broken.add(what + ": " + found);
        }
    }

    /** 5: passwords that were seen in Secrets, looked for where they must not be. Once, in the end. */
    List<String> leaked() {
        var places = new ArrayList<String>();
        try {
            var log = java.nio.file.Files.readString(
                    rig.postgres.logFile(), java.nio.charset.StandardCharsets.ISO_8859_1);
            if (!log.contains("CREATE DATABASE")) {
                places.add("5: the server's log does not show statements, so nothing was proven");
            }
            passwords.stream().filter(log::contains).findAny().ifPresent(p -> places.add("5: in the server's log"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        var said = new StringBuilder();
        rig.cluster
                .client
                .events()
                .v1()
                .events()
                .inAnyNamespace()
                .list()
                .getItems()
                .forEach(e -> said.append(e.getNote()));
        rig.catalog
                .rows(
                        "howdah",
                        "SELECT t::text FROM howdah.journal t UNION ALL SELECT t::text FROM howdah.claim t"
                                + " UNION ALL SELECT t::text FROM howdah.login t")
                .forEach(said::append);
        passwords.stream()
                .filter(said.toString()::contains)
                .findAny()
                .ifPresent(p -> places.add("5: in an event, the journal or the ledger"));
        if (passwords.isEmpty()) {
            places.add("5: no password was seen, so nothing was proven");
        }
        return places;
    }
}
