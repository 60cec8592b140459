// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.plan.Drift;
import dev.howdah.plan.Finding;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Operators;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever was done by hand is found as what it is, and put right or told, on a real server. */
@OnOldestAndNewestServer
class DriftTableIT {
    private static final DatabaseClaimSpec SPEC = new DatabaseClaimSpec(
            null,
            null,
            null,
            10,
            Map.of("work_mem", "32MB"),
            List.of(new ExtensionRequest("hstore", null)),
            List.of("public", "audit"),
            List.of(Specs.OWNER, Specs.WRITER, Specs.READER),
            null);

    @SuppressWarnings("unused")
    private static final List<DriftCase> CASES = DriftCase.ALL;

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;
    private TestClaim other;

    DriftTableIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void make() {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "drift").with(SPEC);
        other = new TestClaim(ground, server, "shop", "quiet").with(SPEC);
        claim.apply();
        other.apply();
        ground.asSuperuser("postgres", "DROP ROLE IF EXISTS stranger, other_stranger");
        ground.asSuperuser("postgres", "CREATE ROLE stranger; CREATE ROLE other_stranger");
    }

    @AfterEach
    void drop() {
        var owner = ground.asSuperuser(
                "postgres", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop_drift'");
        if ("stranger".equals(owner)) {
            ground.asSuperuser("postgres", "ALTER DATABASE shop_drift OWNER TO shop_drift_database");
        }
        ground.asSuperuser("shop_drift", "DROP OWNED BY stranger CASCADE");
        ground.asSuperuser("postgres", "DROP OWNED BY stranger CASCADE; DROP OWNED BY other_stranger");
        ground.asSuperuser(
                "postgres",
                "DO $$ DECLARE r text; BEGIN FOR r IN SELECT rolname FROM pg_roles"
                        + " WHERE rolname LIKE 'shop_drift_%' AND rolsuper LOOP EXECUTE format('ALTER ROLE %I NOSUPERUSER', r);"
                        + " END LOOP; END $$");
        for (var each : List.of(claim, other)) {
            each.retain(null);
            each.drop();
        }
        server.close();
        ground.asSuperuser("postgres", "DROP ROLE stranger, other_stranger");
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void found_and_put_right_or_told(DriftCase each) {
        assertThat(find(claim, each.inside(), Operators.NONE)).isEmpty();
        ground.asSuperuser(each.inside() ? "shop_drift" : "postgres", sql(each));

        var findings = find(claim, each.inside(), Operators.NONE);
        if (!each.seenBy(ground)) {
            assertThat(findings).isEmpty();
            return;
        }
        assertThat(findings).isNotEmpty();
        assertThat(findings).extracting(Finding::kind).contains(each.kind());
        assertThat(find(other, each.inside(), Operators.NONE)).isEmpty();

        var log = ground.log();
        var left = repair(findings);
        assertThat(log.statements()).noneMatch(statement -> statement.contains("shop_quiet"));
        // A login without its password gets a new one, as when its Secret is lost.
        for (var changed : observe(claim, Operators.NONE).surroundings().changedPasswords()) {
            claim.secrets.remove(changed.replaceAll("shop_drift_|_a$", ""));
            claim.apply();
            left.removeIf(finding -> finding.kind() == Finding.Kind.PASSWORD);
        }
        var after = find(claim, each.inside(), Operators.NONE);
        if (each.repairedBy(ground)) {
            assertThat(left).isEmpty();
            assertThat(after).isEmpty();
        } else {
            assertThat(left).extracting(Finding::kind).contains(each.kind());
            assertThat(after).containsExactlyInAnyOrderElementsOf(left);
            // What is told to be run works, for whoever may.
            for (var finding : left) {
                for (var step : finding.repair()) {
                    if (!(step instanceof Step.EndSessions)) {
                        ground.asSuperuser(each.inside() ? "shop_drift" : "postgres", server.statements(step));
                    }
                }
            }
            assertThat(find(claim, each.inside(), Operators.NONE)).isEmpty();
        }
    }

    private String sql(DriftCase each) {
        return each.sql()
                .replace("{db}", "shop_drift")
                .replace("{admin}", Quoting.identifier(server.facts().admin()));
    }

    /** What a tenant does with what it made is its own affair; what it writes on its own login is not. */
    @Test
    void what_a_tenant_grants_on_its_own_is_no_drift() throws Exception {
        claim.sql(
                "app",
                "CREATE TABLE t (); GRANT SELECT ON t TO PUBLIC; GRANT USAGE ON SCHEMA audit TO shop_quiet_owner;"
                        + " CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO stranger");
        assertThat(find(claim, true, Operators.NONE)).isEmpty();
        claim.sql("app", "SET ROLE NONE; ALTER ROLE CURRENT_USER SET work_mem = '1GB'");
        assertThat(find(claim, true, Operators.NONE)).extracting(Finding::kind).containsExactly(Finding.Kind.SETTING);
    }

    @Test
    void operator_roles_get_in_and_out() throws Exception {
        var listed = new Operators(Set.of("stranger"), Set.of("other_stranger"), Set.of());
        var findings = find(claim, false, listed);
        assertThat(findings).extracting(Finding::kind).containsOnly(Finding.Kind.OPERATOR);
        assertThat(findings).allMatch(Finding::asked);
        assertThat(repair(findings)).isEmpty();
        assertThat(find(claim, false, listed)).isEmpty();
        assertThat(connects("stranger")).isTrue();
        assertThat(ground.asSuperuser(
                        "postgres", "SELECT pg_has_role('other_stranger', 'shop_drift_readonly', 'USAGE')::text"))
                .isEqualTo("true");
        assertThat(connects("other_stranger")).isTrue();

        var former = new Operators(Set.of(), Set.of(), Set.of("stranger", "other_stranger"));
        var gone = find(claim, false, former);
        assertThat(gone).isNotEmpty().allMatch(Finding::asked);
        assertThat(repair(gone)).isEmpty();
        assertThat(connects("stranger")).isFalse();
        assertThat(find(claim, false, former)).isEmpty();
    }

    private boolean connects(String role) {
        return "true"
                .equals(ground.asSuperuser(
                        "postgres", "SELECT has_database_privilege('" + role + "', 'shop_drift', 'CONNECT')::text"));
    }

    @Test
    void a_retained_database_stays_closed() {
        claim.retain(null);
        var row = claim.row();
        assertThat(Drift.findRetained(row, observe(claim, Operators.NONE), Operators.NONE, server.facts()))
                .isEmpty();
        ground.asSuperuser(
                "postgres",
                "ALTER ROLE shop_drift_app_a LOGIN CONNECTION LIMIT -1; GRANT CONNECT ON DATABASE shop_drift TO stranger");
        var found = Drift.findRetained(row, observe(claim, Operators.NONE), Operators.NONE, server.facts());
        assertThat(found).extracting(Finding::kind).containsExactlyInAnyOrder(Finding.Kind.ROLE, Finding.Kind.GRANT);
        assertThat(repair(found)).isEmpty();
        assertThat(Drift.findRetained(row, observe(claim, Operators.NONE), Operators.NONE, server.facts()))
                .isEmpty();
    }

    /** Two questions, whatever the number of claims; the second only about those that changed. */
    @Test
    void a_sweep_sees_what_one_look_sees() {
        var sweep = new ServerSweep(server);
        var rows = List.of(claim.row(), other.row());
        var known = Map.of(
                rows.getFirst().identity().uid(),
                rows.getFirst(),
                rows.getLast().identity().uid(),
                rows.getLast());
        var before = sweep.look(known, List.of("stranger", "nobody"));
        assertThat(before.operators()).containsExactly("stranger");
        assertThat(sweep.look(known, List.of("stranger", "nobody"))).isEqualTo(before);
        assertThat(sweep.observe(rows, Set.of()).get(claim.identity().uid())).isEqualTo(observe(claim, Operators.NONE));

        ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE shop_drift TO stranger");
        var log = ground.log();
        var after = sweep.look(known, List.of());
        assertThat(log.statements()).hasSize(1);
        assertThat(hash(after, claim)).isNotEqualTo(hash(before, claim));
        assertThat(hash(after, other)).isEqualTo(hash(before, other));
    }

    private static String hash(ServerSweep.Lines lines, TestClaim claim) {
        return lines.lines().stream()
                .filter(line -> line.entry().claim().identity().equals(claim.identity()))
                .map(ServerSweep.Line::hash)
                .findFirst()
                .orElseThrow();
    }

    private Observed observe(TestClaim which, Operators operators) {
        try (var work = which.begin()) {
            return work.observe(List.of(), List.copyOf(operators.listed()));
        }
    }

    private List<Finding> find(TestClaim which, boolean inside, Operators operators) {
        try (var work = which.begin()) {
            var observed = work.observe(List.of(), List.copyOf(operators.listed()));
            var agreed = Drift.agreed(observed.row(), server.facts());
            return Drift.find(agreed, observed, inside ? work.lookInside() : null, operators);
        }
    }

    /** Returns what could not be put right. */
    private List<Finding> repair(List<Finding> findings) {
        var left = new ArrayList<Finding>();
        try (var work = claim.begin()) {
            work.observe(List.of());
            for (var finding : findings) {
                if (finding.beyond()) {
                    left.add(finding);
                    continue;
                }
                try {
                    work.run(new Plan(finding.repair()));
                } catch (SqlFailure e) {
                    assertThat(e.kind()).as(e.explanation()).isEqualTo(SqlFailure.Kind.NeedsAction);
                    left.add(finding);
                }
            }
        }
        return left;
    }
}
