// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testenv.PostgresLogin;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack under Howdah and under its control, on every major with both kinds of admin. */
@ParameterizedClass(name = "PostgreSQL {0}, superuser {1}")
@MethodSource("servers")
class AttacksIT {
    private static final AttackReport REPORT = new AttackReport();

    private static World world;
    private static HowdahAdministration howdah;
    private static NaiveAdministration naive;
    private static Tenant victim;
    private static Tenant naiveVictim;

    @Parameter(0)
    int major;

    @Parameter(1)
    boolean superuser;

    static Stream<Arguments> servers() {
        return AttackReport.majors().stream()
                .flatMap(major -> Stream.of(true, false).map(superuser -> Arguments.of(major, superuser)));
    }

    static List<Attack> attacks() {
        return AttackReport.attacks();
    }

    @BeforeParameterizedClassInvocation
    static void start(int major, boolean superuser) throws SQLException {
        world = World.start(major, superuser);
        howdah = new HowdahAdministration(world);
        naive = new NaiveAdministration(
                world,
                superuser
                        ? new PostgresLogin(
                                world.postgres().superuser(), world.postgres().superuserPassword())
                        : world.postgres().createAdmin("naive_admin"));
        victim = howdah.provide("victim");
        naiveVictim = naive.provide("victim");
        for (var neighbour : List.of(victim, naiveVictim)) {
            neighbour.sql("CREATE TABLE secret AS SELECT %s::text AS word".formatted(Sql.lit(Scene.SECRET)));
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        howdah.close();
        world.close();
    }

    @AfterAll
    static void report() {
        REPORT.write();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void is_withstood(Attack attack) throws Exception {
        REPORT.run(attack, world, "withstood", () -> {
            var scene = new Scene(world, howdah, howdah.provide("a" + attack.number()), victim, false);
            attack.mount(scene);
            scene.lookForGains();
            assertThat(scene.gains())
                    .as("gained; refused were %s", scene.refusals())
                    .isEmpty();
            assertThat(victim.sql("SELECT word FROM secret")).isEqualTo(Scene.SECRET);
            assertThat(howdah.settle(scene.attacker)).as("removing it").isNull();
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void succeeds_on_the_naive_layout(Attack attack) throws Exception {
        REPORT.run(attack, world, "control", () -> {
            var scene = new Scene(world, naive, naive.provide("a" + attack.number()), naiveVictim, true);
            attack.mount(scene);
            scene.lookForGains();
            var refused = attack.refusedByPostgres(world);
            if (refused == null) {
                assertThat(scene.gains())
                        .as("gains; refused were %s", scene.refusals())
                        .isNotEmpty();
            } else {
                assertThat(scene.gains()).as("gains").isEmpty();
                assertThat(scene.refusals()).anyMatch(refusal -> refusal.contains(refused));
            }
        });
    }
}
