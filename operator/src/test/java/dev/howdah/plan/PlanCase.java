// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.ExtensionOffer.Extension;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a golden folder's {@code in.yaml} says: what happened until now, and what is asked for.
 *
 * @param history in order
 * @param ask {@code plan} (the default), {@code retain} or {@code drop}
 * @param sql whether its SQL is written down too
 */
public record PlanCase(
        @Nullable List<Event> history,
        @Nullable DatabaseClaimSpec spec,
        @Nullable String ask,
        boolean acceptedLoss,
        boolean ownerMayCreateSchemas,
        boolean newPasswords,
        boolean sql) {
    private static final Path FOLDER = Path.of("src/test/resources/plan");

    /**
     * Something that happened; one component is set.
     *
     * @param batches with {@code apply}: how many round trips of it, before the operator ended
     */
    public record Event(
            @Nullable DatabaseClaimSpec apply,
            @Nullable Integer batches,
            boolean retain,
            boolean recreate,
            boolean newNamespace,
            boolean breakDatabase,
            boolean loseDatabase,
            @Nullable String foreignRole,
            @Nullable String foreignDatabase,
            @Nullable Map<String, String> foreignParameters,
            @Nullable String stuckRole,
            @Nullable String use,
            @Nullable String fill) {}

    /** The golden folders. */
    public static Stream<Path> folders() {
        try (var folders = Files.list(FOLDER)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those with SQL. */
    public static Stream<Path> foldersWithSql() {
        return folders().filter(folder -> read(folder).sql());
    }

    public static PlanCase read(Path folder) {
        try {
            return Serialization.unmarshal(Files.readString(folder.resolve("in.yaml")), PlanCase.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the planner says on a server like this. */
    public Answer answer(ServerFacts server) {
        var world = new World();
        var claim = new Claim(server, ownerMayCreateSchemas);
        for (var event : history == null ? List.<Event>of() : history) {
            claim.happens(event, world);
        }
        var observed = world.observed();
        var row = observed.row();
        if ("retain".equals(ask) && row != null) {
            return new Answer(null, List.of(Retirement.retain(row, observed, Duration.ofHours(1))));
        }
        if ("drop".equals(ask) && row != null) {
            return new Answer(null, List.of(Retirement.drop(row, observed, server)));
        }
        return claim.apply(spec == null ? DatabaseClaimSpec.EMPTY : spec, acceptedLoss, newPasswords, world);
    }

    /** Either a conflict, or the plans in the order in which they run. */
    public record Answer(@Nullable Conflict conflict, List<Plan> plans) {
        /** One line a step, in the batches that travel together. */
        String text() {
            if (conflict != null) {
                return "blocked: " + conflict.reason() + ": " + conflict.message() + "\n";
            }
            var text = new StringBuilder();
            var names = List.of("prepare", "open");
            for (int i = 0; i < plans.size(); i++) {
                text.append("== ")
                        .append(plans.size() == 1 ? "all" : names.get(i))
                        .append('\n');
                for (var batch : plans.get(i).batches()) {
                    text.append(place(batch)).append('\n');
                    for (var step : batch.steps()) {
                        text.append("  ").append(step.risk()).append(": ").append(step.summary());
                        text.append(step.runAs() == null ? "" : " (as " + step.runAs() + ")")
                                .append('\n');
                    }
                }
            }
            return text.toString();
        }
    }

    /** Where a batch runs, in a word. */
    public static String place(Plan.Batch batch) {
        return switch (batch.place()) {
            case Step.Place.Ledger _ -> "ledger";
            case Step.Place.Alone _ -> "alone";
            case Step.Place.Inside(var database) -> "inside " + database;
        };
    }

    /** The claim of all cases, {@code shop/orders}. */
    public static final class Claim {
        private static final ClaimNames NAMES = ClaimNames.of("shop", "orders");

        private final ServerFacts server;
        private final boolean ownerMayCreateSchemas;
        private int uid = 1;
        private int namespaceUid = 1;
        private int generation;

        public Claim(ServerFacts server, boolean ownerMayCreateSchemas) {
            this.server = server;
            this.ownerMayCreateSchemas = ownerMayCreateSchemas;
        }

        public void recreate() {
            uid++;
        }

        void happens(Event event, World world) {
            if (event.apply() != null) {
                var plans = apply(event.apply(), false, true, world).plans();
                var left = event.batches() == null ? Integer.MAX_VALUE : event.batches();
                for (var plan : plans) {
                    for (var batch : plan.batches()) {
                        if (left-- > 0) {
                            world.run(new Plan(batch.steps()));
                        }
                    }
                }
            } else if (event.retain()) {
                var observed = world.observed();
                world.run(Retirement.retain(observed.row(), observed, null));
            } else if (event.recreate()) {
                recreate();
            } else if (event.newNamespace()) {
                recreate();
                namespaceUid++;
            } else if (event.breakDatabase()) {
                world.breakDatabase();
            } else if (event.loseDatabase()) {
                world.loseDatabase();
            } else if (event.foreignRole() != null) {
                world.foreignRole(event.foreignRole());
            } else if (event.foreignDatabase() != null) {
                world.foreignDatabase(event.foreignDatabase());
            } else if (event.foreignParameters() != null) {
                world.foreignParameters(event.foreignParameters());
            } else if (event.stuckRole() != null) {
                world.stick(event.stuckRole());
            } else if (event.use() != null) {
                world.use(event.use());
            } else if (event.fill() != null) {
                world.fill(event.fill());
            }
        }

        /** Both plans; the second as it comes out after the first. The world stays as it is. */
        public Answer apply(DatabaseClaimSpec spec, boolean acceptedLoss, boolean passwords, World world) {
            var observed = world.observed();
            var desired = desired(spec, acceptedLoss, passwords, observed);
            var looked = Planner.mustLookInside(desired, observed) ? world.contents() : null;
            return switch (Planner.prepare(desired, observed, looked)) {
                case Planner.Outcome.Blocked blocked -> new Answer(blocked.conflict(), List.of());
                case Planner.Outcome.Steps steps -> {
                    var inside = steps.plan().batches().stream()
                            .anyMatch(batch -> batch.place() instanceof Step.Place.Inside);
                    var contents = inside ? after(steps.plan(), desired, observed, looked) : looked;
                    var left = world.leftBy(steps.plan());
                    yield new Answer(null, List.of(steps.plan(), Planner.open(desired, observed, contents, left)));
                }
            };
        }

        /** What the inside is after a plan, by what the plan does. */
        private static Contents after(Plan plan, Desired desired, Observed observed, @Nullable Contents before) {
            var fresh = DatabasePlan.willBeFresh(observed);
            var from = before == null || fresh ? Contents.FRESH : before;
            var extensions = new HashMap<>(from.extensions());
            var schemas = new HashMap<>(from.schemas());
            for (var step : plan.steps()) {
                switch (step) {
                    case Step.CreateExtension s ->
                        extensions.put(
                                s.extension(),
                                new Contents.Extension(World.version(s), Planner.EXTENSIONS_SCHEMA, false));
                    case Step.UpdateExtension s ->
                        extensions.computeIfPresent(
                                s.extension(),
                                (_, e) -> new Contents.Extension(s.version(), e.schema(), e.holdsRows()));
                    case Step.DropExtensionIfUnused s -> extensions.remove(s.extension());
                    case Step.CreateSchema s -> schemas.put(s.schema(), new Contents.Schema(s.owner(), Map.of()));
                    default -> {}
                }
            }
            return new Contents(schemas, extensions, from.defaultPrivileges());
        }

        private Desired desired(DatabaseClaimSpec spec, boolean acceptedLoss, boolean passwords, Observed observed) {
            var terms = terms();
            var claim = EffectiveClaims.of("orders", spec, terms);
            var row = observed.row();
            var accepted = row == null ? null : row.accepted();
            if (accepted == null || !accepted.claim().equals(claim)) {
                generation++;
            }
            var credentials = new HashMap<String, Credential>();
            for (var access : claim.access()) {
                if (passwords || row == null || !row.logins().containsKey(access.name())) {
                    credentials.put(
                            access.name(),
                            new Credential("verifier of " + access.name(), "fingerprint", Instant.EPOCH));
                }
            }
            var identity = new ClaimIdentity("uid-" + uid, "shop", "namespace-" + namespaceUid, "orders");
            return new Desired(
                    identity,
                    NAMES,
                    claim,
                    terms,
                    generation,
                    EffectiveClaims.grounds(spec),
                    credentials,
                    server,
                    Rotation.Asked.NOTHING,
                    acceptedLoss);
        }

        private ClassTerms terms() {
            return EffectiveClaims.terms(server.majorVersion(), Duration.ofHours(168), ownerMayCreateSchemas);
        }
    }

    /** A server of a major version; its admin is a superuser or not. */
    public static ServerFacts server(int major, boolean superuser) {
        var byName = new HashMap<String, Extension>();
        for (var name : List.of("citext", "cube", "hstore", "pg_trgm")) {
            byName.put(name, new Extension(name, "1.0", List.of("1.0"), true, List.of(), null));
        }
        byName.put("earthdistance", new Extension("earthdistance", "1.0", List.of("1.0"), true, List.of("cube"), null));
        byName.put("fixed", new Extension("fixed", "1.0", List.of("1.0"), true, List.of(), "of_its_own"));
        return new ServerFacts(
                major,
                superuser ? "postgres" : "platform",
                superuser,
                "C.UTF-8",
                new ExtensionOffer(byName),
                superuser ? Set.of() : Set.of("log_min_duration_statement"));
    }

    /** All the ways in which a rendered plan may differ. */
    public static List<ServerFacts> servers() {
        var servers = new ArrayList<ServerFacts>();
        for (var major : List.of(15, 18)) {
            servers.add(server(major, true));
            servers.add(server(major, false));
        }
        return servers;
    }
}
