// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);

    @ParameterizedTest
    @MethodSource("dev.howdah.plan.PlanCase#folders")
    void plans_as_written_down(Path folder) {
        Golden.compare(
                folder.resolve("plan.txt"),
                PlanCase.read(folder).answer(PlanCase.server(18, false)).text());
    }

    /** Whatever a claim went through, crashes included: one more run and it is as asked, and then nothing is to be done. */
    @Test
    void every_history_converges() {
        System.out.println("PlannerTest: -Dhowdah.seed=" + SEED);
        for (int i = 0; i < 2_000; i++) {
            var random = new Random(SEED + i);
            var server = PlanCase.server(random.nextBoolean() ? 15 : 18, random.nextBoolean());
            var claim = new PlanCase.Claim(server, random.nextBoolean());
            var world = new World();
            for (int n = 0; n < 4; n++) {
                run(
                        random,
                        claim.apply(spec(random), false, random.nextBoolean(), world)
                                .plans(),
                        world);
                var observed = world.observed();
                var row = observed.row();
                if (row != null && random.nextInt(4) == 0) {
                    run(random, List.of(Retirement.retain(row, observed, null)), world);
                }
                if (random.nextInt(4) == 0) {
                    claim.recreate();
                }
                if (random.nextInt(6) == 0) {
                    world.loseDatabase();
                }
            }
            var last = spec(random);
            claim.apply(last, true, true, world).plans().forEach(world::run);
            assertThat(claim.apply(last, false, false, world).plans())
                    .as("seed %d", SEED + i)
                    .allMatch(Plan::isEmpty);
            var row = world.observed().row();
            world.run(Retirement.retain(row, world.observed(), null));
            world.run(Retirement.drop(world.observed().row(), world.observed(), server));
            assertThat(world.empty()).as("seed %d", SEED + i).isTrue();
        }
    }

    /** Up to a crash, mostly. */
    private static void run(Random random, List<Plan> plans, World world) {
        for (var plan : plans) {
            for (var batch : plan.batches()) {
                if (random.nextInt(6) == 0) {
                    return;
                }
                world.run(new Plan(batch.steps()));
            }
        }
    }

    private static DatabaseClaimSpec spec(Random random) {
        var access = new ArrayList<AccessEntry>();
        access.add(new AccessEntry("app", role(random), true, random.nextBoolean() ? null : 5, null));
        for (var name : List.of("two", "three")) {
            if (random.nextBoolean()) {
                access.add(new AccessEntry(name, role(random), null, null, null));
            }
        }
        return new DatabaseClaimSpec(
                null,
                null,
                random.nextBoolean() ? null : "10Gi",
                random.nextBoolean() ? null : 1 + random.nextInt(50),
                parameters(random),
                some(random, "hstore", "earthdistance", "citext").stream()
                        .map(name ->
                                new ExtensionRequest(name, random.nextInt(3) == 0 ? "1." + random.nextInt(2) : null))
                        .toList(),
                random.nextBoolean() ? List.of("public") : List.of("audit", "public"),
                access,
                null);
    }

    private static Map<String, String> parameters(Random random) {
        return some(random, "work_mem", "temp_tablespaces", "log_min_duration_statement", "DateStyle").stream()
                .collect(Collectors.toMap(name -> name, _ -> random.nextBoolean() ? "a, b" : "c"));
    }

    private static AccessRole role(Random random) {
        return AccessRole.values()[random.nextInt(AccessRole.values().length)];
    }

    private static List<String> some(Random random, String... all) {
        return List.of(all).stream().filter(_ -> random.nextBoolean()).toList();
    }

    @Test
    void a_list_setting_is_read_as_postgresql_writes_it() {
        assertThat(NameList.parse("public, extensions")).containsExactly("public", "extensions");
        assertThat(NameList.parse("\"a,b\", \"c\"\"d\", e")).containsExactly("a,b", "c\"d", "e");
        assertThat(NameList.parse("")).isEmpty();
    }
}
