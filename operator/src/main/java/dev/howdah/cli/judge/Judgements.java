// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Charge;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.policy.review.QuotaLine;
import dev.howdah.policy.rulebook.Rulebook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All claims of a world, judged: those of a namespace one after the other in the order in which the operator tries them,
 * each with what those before it were granted ({@link QuotaLine}, all at once).
 */
public final class Judgements {
    /** At most so many extensions are in a server's status; with as many, others may be there too. */
    private static final int MOST_EXTENSIONS = 200;

    private final World world;
    private final Rulebook rulebook;
    private final Instant now;
    private final SortedMap<String, Judged> judged = new TreeMap<>();
    private final Map<String, QuotaUse> uses = new HashMap<>();

    private Judgements(World world, Instant now) {
        this.world = world;
        this.rulebook = Rulebook.of(world.policies().values(), world.waivers().values());
        this.now = now;
        world.claims().values().stream()
                .collect(Collectors.groupingBy(
                        claim -> claim.getMetadata().getNamespace(), TreeMap::new, Collectors.toList()))
                .forEach(this::hear);
    }

    public static Judgements of(World world, Instant now) {
        return new Judgements(world, now);
    }

    public World world() {
        return world;
    }

    public Rulebook rulebook() {
        return rulebook;
    }

    /** What is wrong with the classes, policies and waivers of a part of the world, by {@code kind/name}. */
    public Map<String, List<String>> faults(World part) {
        var faults = new LinkedHashMap<String, List<String>>();
        part.classes().forEach((name, offered) -> faults.put("DatabaseClass/" + name, ClassTerms.faults(offered)));
        part.policies().keySet().forEach(name -> faults.put("DatabasePolicy/" + name, rulebook.policyFaults(name)));
        part.waivers().keySet().forEach(name -> faults.put("DatabaseWaiver/" + name, rulebook.waiverFaults(name)));
        faults.values().removeIf(List::isEmpty);
        return faults;
    }

    public Collection<Judged> all() {
        return judged.values();
    }

    /** By {@code namespace/name}. */
    public Optional<Judged> of(String key) {
        return Optional.ofNullable(judged.get(key));
    }

    /** The claim that a verb is about; where there is none, that is said on standard error. */
    public static Optional<Judged> of(ClaimArgument claim, World world, Instant now) {
        return claim.find(world).flatMap(found -> of(world, now).of(claim.key().toString()));
    }

    /** What counts against the quotas of a namespace. */
    public QuotaUse quotaUse(String namespace) {
        return uses.getOrDefault(namespace, QuotaUse.NONE)
                .withRetained(world.servers().values(), namespace);
    }

    /** A claim of a class that says nothing, so that what holds then can be seen. */
    public Subject silent(String namespace, DatabaseClass databaseClass) {
        var claim = new DatabaseClaim();
        claim.getMetadata().setNamespace(namespace);
        claim.getMetadata().setName("silent");
        claim.setSpec(DatabaseClaimSpec.EMPTY);
        return subject(claim, databaseClass);
    }

    private void hear(String namespace, List<DatabaseClaim> claims) {
        var charged = new LinkedHashMap<String, Charge>();
        var drafts = new ArrayList<Draft>();
        for (var claim : claims.stream().sorted(QuotaLine.ORDER).toList()) {
            var draft = draft(claim);
            drafts.add(draft);
            if (draft.subject != null && draft.subject.accepted() != null) {
                var standing = draft.subject.accepted().claim();
                charged.put(name(claim), new Charge(name(claim), standing.className(), standing.demand(), false));
            }
        }
        for (var draft : drafts) {
            judged.put(namespace + "/" + name(draft.claim), judge(draft, charged));
        }
        uses.put(namespace, QuotaUse.of(claims, charged));
    }

    private static Judged judge(Draft draft, Map<String, Charge> charged) {
        if (draft.subject == null) {
            return new Judged(draft.claim, null, null, draft.classless);
        }
        var name = name(draft.claim);
        var others = charged.values().stream()
                .filter(charge -> !charge.claim().equals(name))
                .toList();
        var subject = draft.subject.with(others);
        var review = ClaimReview.review(subject);
        if (review.verdict() instanceof Verdict.Admitted(var effective, var grounds)) {
            charged.put(name, new Charge(name, effective.className(), effective.demand(), false));
        }
        return new Judged(draft.claim, subject, review, List.of());
    }

    /** A claim that is about to be judged. */
    private record Draft(DatabaseClaim claim, @Nullable Subject subject, List<Violation> classless) {}

    private static String name(DatabaseClaim claim) {
        return claim.getMetadata().getName();
    }

    private Draft draft(DatabaseClaim claim) {
        var status = claim.getStatus();
        var className = status != null && status.className() != null && Standing.bound(claim)
                ? status.className()
                : claim.getSpec().className();
        return switch (ClassChoice.choose(className, world.classes().values())) {
            case ClassChoice.None(var reason, var message) ->
                new Draft(claim, null, List.of(Violation.of(reason, "className", String.valueOf(className), message)));
            case ClassChoice.Chosen(var databaseClass) -> new Draft(claim, subject(claim, databaseClass), List.of());
        };
    }

    private Subject subject(DatabaseClaim claim, DatabaseClass databaseClass) {
        var namespace = claim.getMetadata().getNamespace();
        var terms = ClassTerms.of(databaseClass);
        return new Subject(
                namespace,
                world.labels(namespace),
                name(claim),
                claim.getSpec(),
                terms,
                ClassTerms.parameters(databaseClass),
                Standing.of(claim, terms),
                server(claim).orElse(null),
                rulebook,
                List.of(),
                now);
    }

    private Optional<ServerTraits> server(DatabaseClaim claim) {
        var status = claim.getStatus();
        var hosting = status == null ? null : status.server();
        return hosting == null
                ? Optional.empty()
                : Optional.ofNullable(world.servers().get(hosting.name())).flatMap(Judgements::traits);
    }

    /** What a server's status tells of it; empty where that is not enough to judge by. */
    static Optional<ServerTraits> traits(PostgresServer server) {
        var status = server.getStatus();
        if (status == null
                || status.capabilities() == null
                || status.extensions() == null
                || status.extensions().size() >= MOST_EXTENSIONS) {
            return Optional.empty();
        }
        var settable = status.capabilities().settableParameters();
        return Optional.of(new ServerTraits(
                server.getMetadata().getName(),
                status.capabilities().superuser(),
                settable == null ? Set.of() : new HashSet<>(settable),
                new ExtensionOffer(
                        status.extensions().stream()
                                .collect(Collectors.toMap(
                                        PostgresServerStatus.AvailableExtension::name,
                                        Judgements::extension,
                                        (a, b) -> a)),
                        status.capabilities().superuser()
                                || Boolean.TRUE.equals(status.capabilities().untrustedExtensions()))));
    }

    private static ExtensionOffer.Extension extension(PostgresServerStatus.AvailableExtension available) {
        var versions = available.versions();
        return new ExtensionOffer.Extension(
                available.name(),
                versions.isEmpty() ? "" : versions.getLast(),
                versions,
                available.trusted(),
                List.of(),
                null);
    }
}
