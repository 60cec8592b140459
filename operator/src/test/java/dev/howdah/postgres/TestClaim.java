// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.plan.Adoption;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Credential;
import dev.howdah.plan.Desired;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.EffectiveClaims;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Planner;
import dev.howdah.plan.Retirement;
import dev.howdah.plan.Rotation;
import dev.howdah.plan.Step;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One claim, worked on as a reconciler would: look, plan, prepare, open, probe. Its Secrets are a map. */
final class TestClaim {
    private final Ground ground;
    private HostedServer server;
    private final String namespace;
    private String namespaceUid;
    private final String name;
    private ClaimNames names;
    private String uid;
    private long generation = 1;
    private DatabaseClaimSpec spec = DatabaseClaimSpec.EMPTY;
    private boolean ownerMayCreateSchemas;
    private boolean acceptedLoss;
    private boolean serverHashes;
    private int passwords;

    /** Passwords by access name, as the Secrets hold them. */
    final Map<String, String> secrets = new HashMap<>();

    TestClaim(Ground ground, HostedServer server, String namespace, String name) {
        this.ground = ground;
        this.server = server;
        this.namespace = namespace;
        this.namespaceUid = "uid-of-" + namespace;
        this.name = name;
        this.names = ClaimNames.of(namespace, name);
        this.uid = "uid-of-" + namespace + "-" + name;
    }

    TestClaim with(DatabaseClaimSpec next) {
        spec = next;
        generation++;
        return this;
    }

    TestClaim ownerMayCreateSchemas(boolean may) {
        ownerMayCreateSchemas = may;
        generation++;
        return this;
    }

    TestClaim acceptingLoss() {
        acceptedLoss = true;
        return this;
    }

    /** {@code passwordMode: Server}. */
    TestClaim inServerMode() {
        serverHashes = true;
        return this;
    }

    /** Its namespace was deleted and made anew. */
    TestClaim ofANamespaceMadeAnew() {
        namespaceUid = "another-" + namespaceUid;
        return this;
    }

    /** It is given a database that is there already. */
    TestClaim named(String database) {
        names = new ClaimNames(database);
        return this;
    }

    /** What its adoption would come to. */
    Adoption.Outcome adoption() {
        try (var work = begin()) {
            var desired = desired(effective(), Map.of());
            var observed = work.observe(desired.roles());
            return Adoption.plan(desired, observed, observed.database() == null ? null : work.survey());
        }
    }

    /** Carries an adoption out, or on: so many round trips of its first part, and so many of the objects. */
    void adopt(int begun, int taken) {
        try (var work = begin()) {
            var desired = desired(effective(), Map.of());
            var observed = work.observe(desired.roles());
            var found = work.survey();
            if (observed.row() == null) {
                var ready = (Adoption.Outcome.Ready) Adoption.plan(desired, observed, found);
                work.run(batches(ready.begin(), begun));
            } else {
                assertThat(Adoption.underWay(observed.row())).isTrue();
                work.run(Adoption.goOn(desired, observed, found));
            }
            var objects = Adoption.inside(desired, found);
            work.takeOver(objects.subList(0, Math.min(taken, objects.size())));
            if (taken >= objects.size()) {
                work.run(Adoption.finish(desired, work.observe(desired.roles()), found));
            }
        }
    }

    /** The operator opened the server again. */
    void moveTo(HostedServer other) {
        server = other;
    }

    /** Deleted and applied again: the same names under a new UID. */
    void recreated() {
        uid = uid + "-again";
        secrets.clear();
    }

    ClaimNames names() {
        return names;
    }

    ClaimIdentity identity() {
        return new ClaimIdentity(uid, namespace, namespaceUid, name);
    }

    String login(String access) {
        return names.login(access, "a");
    }

    Desired desired() {
        var claim = effective();
        var credentials = new HashMap<String, Credential>();
        claim.access().forEach(access -> {
            if (!secrets.containsKey(access.name())) {
                var password = "pw-" + names.database() + "-" + access.name() + "-" + passwords++;
                secrets.put(access.name(), password);
                credentials.put(access.name(), credential(access.name(), password));
            }
        });
        return desired(claim, credentials);
    }

    private Credential credential(String access, String password) {
        return new Credential(
                serverHashes ? password : Scram.verifier(password),
                Scram.fingerprint(server.identity().ledger(), login(access), password),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private Desired desired(EffectiveClaim claim, Map<String, Credential> credentials) {
        return new Desired(
                identity(),
                names,
                claim,
                terms(),
                generation,
                EffectiveClaims.grounds(spec),
                credentials,
                server.facts(),
                Rotation.Asked.NOTHING,
                acceptedLoss);
    }

    private EffectiveClaim effective() {
        return EffectiveClaims.of(name, spec, terms());
    }

    private ClassTerms terms() {
        return EffectiveClaims.terms(server.facts().majorVersion(), Duration.ofHours(1), ownerMayCreateSchemas);
    }

    ClaimWork begin() {
        return server.tryBegin(identity(), names).orElseThrow();
    }

    /** What apply came to: both plans, empty when all was as it should be. */
    record Done(Plan prepare, Plan open) {
        boolean nothing() {
            return prepare.isEmpty() && open.isEmpty();
        }
    }

    /** All of it; every published login works afterwards. */
    Done apply() {
        var done = applyUpTo(plan -> plan, plan -> plan);
        secrets.forEach((access, password) ->
                assertThat(probe(access, password)).as("login %s", access).isInstanceOf(LoginProbe.Result.Works.class));
        return done;
    }

    /** The same with the one probe that publishing takes. */
    void applyOnce(String access) {
        applyUpTo(plan -> plan, plan -> plan);
        assertThat(probe(access, secrets.get(access))).isInstanceOf(LoginProbe.Result.Works.class);
    }

    /** A run in which the plans are cut by the caller, as by a crash. */
    Done applyUpTo(UnaryOperator<Plan> prepareCut, UnaryOperator<Plan> openCut) {
        var before = Map.copyOf(secrets);
        var complete = false;
        try (var work = begin()) {
            var desired = desired();
            var observed = work.observe(desired.roles());
            var contents = Planner.mustLookInside(desired, observed) ? work.lookInside() : null;
            var prepare = steps(Planner.prepare(desired, observed, contents));
            var cut = prepareCut.apply(prepare);
            var after = work.run(cut);
            if (cut.steps().size() < prepare.steps().size()) {
                return new Done(prepare, Plan.EMPTY);
            }
            var open = Planner.open(desired, observed, after == null ? contents : after, work.rolesLeft());
            var openPart = openCut.apply(open);
            work.run(openPart);
            complete = openPart.steps().size() == open.steps().size();
            secrets.keySet().retainAll(desired.accessNames());
            return new Done(prepare, open);
        } finally {
            if (!complete) {
                // A crash: what was not published is forgotten.
                secrets.clear();
                secrets.putAll(before);
            }
        }
    }

    Planner.Outcome plan() {
        try (var work = begin()) {
            var desired = desired(effective(), Map.of());
            var observed = work.observe(desired.roles());
            var contents = Planner.mustLookInside(desired, observed) ? work.lookInside() : null;
            return Planner.prepare(desired, observed, contents);
        }
    }

    /** A plan that leaves the parameters of the database as they are. */
    static Plan withoutParameters(Plan plan) {
        return new Plan(plan.steps().stream()
                .filter(step -> !(step instanceof Step.AboutParameter))
                .toList());
    }

    /** The first so many round trips of a plan. */
    static Plan batches(Plan plan, int most) {
        return new Plan(plan.batches().stream()
                .limit(most)
                .flatMap(batch -> batch.steps().stream())
                .toList());
    }

    static Plan steps(Planner.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Planner.Outcome.Steps.class);
        return ((Planner.Outcome.Steps) outcome).plan();
    }

    Observed observe() {
        try (var work = begin()) {
            return work.observe(desired(effective(), Map.of()).roles());
        }
    }

    Contents contents() {
        try (var work = begin()) {
            work.observe(desired(effective(), Map.of()).roles());
            return work.lookInside();
        }
    }

    @Nullable
    LedgerClaim row() {
        return observe().row();
    }

    void retain(@Nullable Duration dropAfter) {
        retainUpTo(dropAfter, plan -> plan);
    }

    void retainUpTo(@Nullable Duration dropAfter, UnaryOperator<Plan> cut) {
        try (var work = begin()) {
            var observed = work.observe(List.of());
            work.run(cut.apply(Retirement.retain(observed.row(), observed, dropAfter)));
        }
    }

    void drop() {
        assertThat(dropUpTo(plan -> plan)).as("roles left").isEmpty();
    }

    /** Returns the roles that are left. */
    List<String> dropUpTo(UnaryOperator<Plan> cut) {
        try (var work = begin()) {
            var observed = work.observe(List.of());
            work.run(cut.apply(Retirement.drop(observed.row(), observed, server.facts())));
            return work.rolesLeft();
        }
    }

    LoginProbe.Result probe(String access, String password) {
        try (var work = begin()) {
            return work.probe(login(access), password);
        }
    }

    /** As an application with the Secret of this entry. */
    Connection connect(String access) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return ground.postgres().connect(names.database(), login(access), secrets.get(access));
            } catch (SQLException e) {
                // A session just closed by its client holds its place a moment longer.
                if (!"53300".equals(e.getSQLState()) || tries == 20) {
                    throw e;
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    @Nullable
    String sql(String access, String sql) throws SQLException {
        try (var connection = connect(access)) {
            return Ground.first(connection, sql);
        }
    }
}
