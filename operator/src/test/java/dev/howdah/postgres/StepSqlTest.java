// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.Golden;
import dev.howdah.plan.Plan;
import dev.howdah.plan.PlanCase;
import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepSqlTest {
    private static final long EPOCH = 7;

    @ParameterizedTest
    @MethodSource("dev.howdah.plan.PlanCase#foldersWithSql")
    void renders_as_written_down(Path folder) {
        for (var server : PlanCase.servers()) {
            var answer = PlanCase.read(folder).answer(server);
            if (answer.conflict() == null) {
                var kind = server.superuser() ? "superuser" : "plain";
                Golden.compare(
                        folder.resolve("plan-" + server.majorVersion() + "-" + kind + ".sql"),
                        render(answer.plans(), server));
            }
        }
    }

    private static String render(List<Plan> plans, ServerFacts server) {
        var sql = new StepSql(server, new LedgerSql(EPOCH, false));
        var text = new StringBuilder();
        for (var plan : plans) {
            for (var batch : plan.batches()) {
                text.append("-- ").append(PlanCase.place(batch)).append('\n');
                var statements = batch.place() instanceof Step.Place.Alone
                        ? alone(sql, batch.steps().getFirst())
                        : String.join(";\n", sql.transaction(batch.steps()));
                text.append(statements).append(";\n");
            }
        }
        return text.toString();
    }

    private static String alone(StepSql sql, Step step) {
        var statements = String.join(";\n", sql.statements(step));
        return step.runAs() == null ? statements : "-- as " + step.runAs() + "\n" + statements;
    }

    @Test
    void a_batch_ends_as_the_admin_it_began_as() {
        var sql = new StepSql(PlanCase.server(18, false), new LedgerSql(EPOCH, false));
        assertThat(sql.transaction(List.of(new Step.RevokePublic("d", "o"), new Step.CreateRole("r", false))))
                .containsExactly(
                        "SET LOCAL ROLE \"o\"",
                        StepSql.assertUser("o"),
                        "REVOKE ALL ON DATABASE \"d\" FROM PUBLIC",
                        "SET LOCAL ROLE NONE",
                        StepSql.assertUser("platform"),
                        "CREATE ROLE \"r\" NOLOGIN CONNECTION LIMIT -1");
    }
}
