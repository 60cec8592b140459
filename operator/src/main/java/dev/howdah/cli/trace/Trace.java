// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.trace;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.SecretSeen;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows a claim to everything that has a say about it and everything it has. */
final class Trace {
    /** What every form of a published Secret needs. */
    private static final List<String> KEYS = List.of(
            "type",
            "host",
            "port",
            "database",
            "username",
            "password",
            "uri",
            "jdbc-url",
            "DATABASE_URL",
            "PGPASSWORD");

    private final Judged judged;
    private final DatabaseClaim claim;
    private final @Nullable DatabaseClaimStatus status;
    private final World world;
    private final Function<String, SecretSeen> secrets;

    private Trace(Judged judged, World world, Function<String, SecretSeen> secrets) {
        this.judged = judged;
        this.claim = judged.claim();
        this.status = claim.getStatus();
        this.world = world;
        this.secrets = secrets;
    }

    /** @param secrets looks up Secrets of the claim's namespace */
    static TraceNode of(Judged judged, World world, Function<String, SecretSeen> secrets) {
        return new Trace(judged, world, secrets).claim();
    }

    private TraceNode claim() {
        var conditions = conditions();
        var amiss = Conditions.amiss(conditions);
        var leads = new ArrayList<TraceNode>();
        leads.add(databaseClass());
        judged.merged().ifPresent(merged -> merged.policies().forEach(policy -> leads.add(policy(policy))));
        waivers(leads);
        leads.add(server());
        return new TraceNode(
                "DatabaseClaim",
                judged.key(),
                !conditions.isEmpty() && amiss.isEmpty(),
                amiss.isEmpty() ? Conditions.text(conditions, "Ready") : texts(amiss),
                leads);
    }

    private List<Condition> conditions() {
        return status == null ? List.of() : Conditions.orNone(status.conditions());
    }

    private static String texts(List<Condition> conditions) {
        return String.join("; ", conditions.stream().map(Conditions::text).toList());
    }

    private TraceNode databaseClass() {
        var subject = judged.subject();
        if (subject == null) {
            var why = judged.classless().isEmpty()
                    ? "cannot be told"
                    : judged.classless().getFirst().message();
            var asked = claim.getSpec().className();
            return TraceNode.leaf("DatabaseClass", asked == null ? "(the default)" : asked, false, why);
        }
        var name = subject.terms().className();
        var found = world.classes().get(name);
        if (found == null) {
            return TraceNode.leaf("DatabaseClass", name, false, "is gone; the claim goes on as last accepted");
        }
        var said = found.getStatus() == null ? null : found.getStatus().conditions();
        return TraceNode.leaf(
                "DatabaseClass",
                name,
                Conditions.amiss(said).isEmpty(),
                state(said, "Accepted") + (claim.getSpec().className() == null ? " (the default)" : ""));
    }

    /** What an object says of itself; files seldom have a status. */
    private static String state(@Nullable List<Condition> said, String type) {
        var amiss = Conditions.amiss(said);
        return amiss.isEmpty()
                ? Conditions.find(said, type).map(Conditions::text).orElse("there")
                : texts(amiss);
    }

    private TraceNode policy(Applied applied) {
        var name = applied.policy().name();
        var object = world.policies().get(name);
        var said = object == null || object.getStatus() == null
                ? null
                : object.getStatus().conditions();
        var broken = paths(name, Stream.concat(judged.refusals().stream(), judged.standing().stream()));
        // What a policy in Audit notes for itself is no fault of the claim's.
        var noted = paths(name, judged.noted().stream());
        var against = Stream.concat(broken.stream(), noted.stream()).distinct().toList();
        return TraceNode.leaf(
                "DatabasePolicy",
                name,
                Conditions.amiss(said).isEmpty() && broken.isEmpty(),
                "%s, %s%s"
                        .formatted(
                                applied.policy().enforcement(),
                                state(said, "Accepted"),
                                against.isEmpty() ? "" : "; minds " + String.join(", ", against)));
    }

    private static List<String> paths(String policy, Stream<Violation> violations) {
        return violations
                .filter(violation -> policy.equals(violation.policy()))
                .map(Violation::path)
                .distinct()
                .toList();
    }

    private void waivers(List<TraceNode> leads) {
        var subject = judged.subject();
        if (subject != null) {
            subject.rulebook()
                    .waiversOf(subject.namespace(), subject.name())
                    .forEach(waiver -> leads.add(TraceNode.leaf(
                            "DatabaseWaiver",
                            waiver.name(),
                            !waiver.ended(subject.now()),
                            (waiver.ended(subject.now()) ? "ended at " : "until ") + waiver.expires())));
        }
    }

    private TraceNode server() {
        var hosting = status == null ? null : status.server();
        if (hosting == null) {
            return TraceNode.leaf("PostgresServer", "(none)", false, "the claim has no database yet");
        }
        var object = world.servers().get(hosting.name());
        var said = object == null || object.getStatus() == null
                ? null
                : object.getStatus().conditions();
        var ready = object == null || object.getStatus() == null || Conditions.isTrue(said, "Ready");
        var state = object == null ? "not seen by this user, or gone" : Conditions.text(said, "Ready");
        return new TraceNode(
                "PostgresServer",
                hosting.name(),
                ready && !(object == null && !world.servers().isEmpty()),
                "PostgreSQL %s, %s".formatted(hosting.version(), state),
                List.of(database()));
    }

    private TraceNode database() {
        var known = Objects.requireNonNull(status);
        var inSync = Conditions.find(known.conditions(), "InSync");
        var leads = new ArrayList<TraceNode>();
        if (known.extensions() != null) {
            known.extensions()
                    .forEach(extension -> leads.add(TraceNode.leaf(
                            "extension",
                            extension.name(),
                            true,
                            extension.version() + " in schema " + extension.schema())));
        }
        if (known.access() != null) {
            known.access().forEach(access -> leads.add(login(access)));
        }
        return new TraceNode(
                "database",
                String.valueOf(known.database()),
                inSync.isEmpty() || Conditions.good(inSync.get()),
                inSync.map(Conditions::text).orElse("there"),
                leads);
    }

    private TraceNode login(AccessStatus access) {
        var rotated = access.rotationTime();
        return new TraceNode(
                "login",
                access.username(),
                true,
                "%s, \"%s\"%s"
                        .formatted(access.role(), access.name(), rotated == null ? "" : ", password of " + rotated),
                List.of(secret(access)));
    }

    private TraceNode secret(AccessStatus access) {
        var name = access.secretName();
        return switch (secrets.apply(name)) {
            case SecretSeen.NotAsked() -> TraceNode.leaf("Secret", name, true, "not looked at");
            case SecretSeen.Forbidden() -> TraceNode.leaf("Secret", name, true, "this user may not read it");
            case SecretSeen.Missing() ->
                TraceNode.leaf("Secret", name, false, "is gone; the operator makes it anew, with a new password");
            case SecretSeen.Found found -> found(access, found);
        };
    }

    private TraceNode found(AccessStatus access, SecretSeen.Found found) {
        var uid = claim.getMetadata().getUid();
        var name = access.secretName();
        if (uid != null && !found.ownedBy(uid)) {
            return TraceNode.leaf("Secret", name, false, "is not the claim's own, so the operator does not touch it");
        }
        var lacking = KEYS.stream().filter(key -> found.text(key).isEmpty()).toList();
        if (!lacking.isEmpty()) {
            return TraceNode.leaf("Secret", name, false, "lacks " + String.join(", ", lacking));
        }
        var user = found.text("username").orElse("");
        return user.equals(access.username())
                ? TraceNode.leaf("Secret", name, true, "names this login")
                : TraceNode.leaf("Secret", name, false, "names \"%s\" instead".formatted(user));
    }
}
