// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Login.Handled;
import dev.howdah.plan.Rotation.Asked;
import dev.howdah.plan.Rotation.Seen;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.EffectiveClaim.Access;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a rotation does, step by step, in words. */
class RotationPlanTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final List<Access> ACCESS = List.of(new Access("app", AccessRole.Owner, true, 5, "orders-db"));
    private static final Credential CREDENTIAL = new Credential("verifier", "new print", NOW);

    private static LedgerClaim row(Login login) {
        return new LedgerClaim(
                new Desired.ClaimIdentity("uid", "shop", "namespace", "orders"),
                "shop_orders",
                List.of(),
                State.Active,
                0,
                20,
                null,
                null,
                Map.of("app", login));
    }

    private static RotationPlan.Change begin(LedgerClaim row, Asked asked, boolean inSession, Set<String> owning) {
        var login = row.logins().get("app");
        var turn = Rotation.turn(login, CredentialTerms.NONE, asked, NOW, inSession);
        return RotationPlan.begin(
                row,
                ACCESS,
                new Seen(NOW, inSession ? Set.of("shop_orders_app_a", "shop_orders_app_b") : Set.of(), owning),
                asked,
                Map.of("app", turn),
                Map.of("app", CREDENTIAL));
    }

    private static RotationPlan.Change complete(RotationPlan.Change begun, Set<String> owning) {
        return RotationPlan.complete(begun.row(), ACCESS, owning, Map.of("app", NOW), NOW.plusSeconds(1));
    }

    private static List<String> steps(RotationPlan.Change change) {
        return change.plan().steps().stream().map(Step::summary).toList();
    }

    @Test
    void with_overlap_both_roles_are_open_in_between() {
        var asked = new Asked("1", null);
        var begun = begin(row(new Login("a", "print", NOW)), asked, false, Set.of());
        assertThat(steps(begun))
                .containsExactly("open login shop_orders_app_b with a new password", "record login app a");
        assertThat(begun.plan().steps().getFirst())
                .isEqualTo(new Step.AlterLogin("shop_orders_app_b", true, 5, CREDENTIAL));
        assertThat(begun.plan().batches()).as("one transaction").hasSize(1);
        var done = complete(begun, Set.of());
        assertThat(steps(done)).containsExactly("record login app b");
        assertThat(done.row().logins().get("app"))
                .isEqualTo(new Login(
                        "b",
                        "new print",
                        NOW,
                        new Handled("1", null, "1"),
                        null,
                        new Login.Previous(NOW.plusSeconds(1), null, false, false)));
    }

    @Test
    void at_once_ends_what_is_in_use_and_hands_over_what_is_left() {
        var owning = Set.of("shop_orders_app_a", "shop_orders_app_b");
        var overlapping = new Login(
                "a", "print", NOW, Handled.NONE, null, new Login.Previous(NOW.minusSeconds(9), null, false, false));
        var begun = begin(row(overlapping), new Asked(null, "1"), true, owning);
        assertThat(steps(begun))
                .containsExactly(
                        "end sessions of shop_orders_app_b",
                        "close login shop_orders_app_b",
                        "end sessions of shop_orders_app_b",
                        "hand what shop_orders_app_b owns to shop_orders_owner",
                        "open login shop_orders_app_b with a new password",
                        "record login app a");
        var done = complete(begun, owning);
        assertThat(steps(done))
                .containsExactly(
                        "record login app b",
                        "end sessions of shop_orders_app_a",
                        "close login shop_orders_app_a",
                        "end sessions of shop_orders_app_a",
                        "hand what shop_orders_app_a owns to shop_orders_owner",
                        "record login app b");
        assertThat(done.row().logins().get("app").previous()).isNull();
        // Cut after the first step, the ledger still knows that it is to be closed.
        var first = ((Step.RecordLogin) done.plan().steps().getFirst()).login();
        assertThat(first.previous().revoked()).isTrue();
    }

    @Test
    void an_idle_role_is_closed_without_ending_anything() {
        var idle = new Login(
                "b",
                "print",
                NOW,
                Handled.NONE,
                null,
                new Login.Previous(NOW.minus(CredentialTerms.DEFAULT_OVERLAP), null, false, false));
        var closed = begin(row(idle), Asked.NOTHING, false, Set.of("shop_orders_app_b"));
        assertThat(steps(closed)).containsExactly("close login shop_orders_app_a", "record login app b");
        assertThat(closed.plan().steps().getFirst())
                .isEqualTo(new Step.AlterLogin("shop_orders_app_a", false, 0, null));
        assertThat(closed.row().logins().get("app")).isEqualTo(new Login("b", "print", NOW));
    }

    @Test
    void that_a_role_is_in_use_is_remembered() {
        var used = new Login(
                "b",
                "print",
                NOW,
                Handled.NONE,
                null,
                new Login.Previous(NOW.minus(CredentialTerms.DEFAULT_OVERLAP), null, false, false));
        var told = begin(row(used), Asked.NOTHING, true, Set.of());
        assertThat(steps(told)).containsExactly("record login app b");
        var previous = told.row().logins().get("app").previous();
        assertThat(previous.inUse()).isTrue();
        assertThat(previous.seen()).isEqualTo(NOW);
    }
}
