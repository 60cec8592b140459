// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.Login.Handled;
import dev.howdah.plan.Login.Next;
import dev.howdah.plan.Login.Previous;
import dev.howdah.plan.Rotation.Asked;
import dev.howdah.plan.Rotation.Beginning;
import dev.howdah.plan.Rotation.Closing;
import dev.howdah.plan.Rotation.Turn;
import dev.howdah.policy.CredentialTerms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final Instant MADE = Instant.parse("2030-01-01T00:00:00Z");
    private static final Login QUIET = new Login("a", "print", MADE);
    private static final CredentialTerms DAY = CredentialTerms.NONE;
    private static final Turn REST = new Turn(Closing.No, Beginning.No, false);

    private static CredentialTerms every(String every) {
        return new CredentialTerms(Duration.parse(every), null, null);
    }

    private static CredentialTerms closeAfter(String after) {
        return new CredentialTerms(null, null, Duration.parse(after));
    }

    private static Instant later(String duration) {
        return MADE.plus(Duration.parse(duration));
    }

    /** Replaced at {@link #MADE}. */
    private static Login replaced(@Nullable Instant seen, boolean inUse) {
        return new Login("b", "print", MADE, Handled.NONE, null, new Previous(MADE, seen, inUse, false));
    }

    private static Asked rotate(String value) {
        return new Asked(value, null);
    }

    private static Asked rotateNow(String value) {
        return new Asked(null, value);
    }

    private static Turn turn(Login login, CredentialTerms terms, Asked asked, Instant now, boolean inSession) {
        return Rotation.turn(login, terms, asked, now, inSession);
    }

    private static @Nullable Instant due(Login login, CredentialTerms terms, Asked asked) {
        return Rotation.due(login, terms, asked, null);
    }

    @Test
    void nothing_is_done_that_nobody_asks_for() {
        assertThat(turn(QUIET, DAY, Asked.NOTHING, later("P3650D"), true)).isEqualTo(REST);
        assertThat(due(QUIET, DAY, Asked.NOTHING)).isNull();
    }

    @Test
    void age_is_a_reason_from_the_moment_it_is_reached() {
        var terms = every("PT720H");
        assertThat(due(QUIET, terms, Asked.NOTHING)).isEqualTo(later("PT720H"));
        assertThat(turn(QUIET, terms, Asked.NOTHING, later("PT719H59M59S"), false))
                .isEqualTo(REST);
        assertThat(turn(QUIET, terms, Asked.NOTHING, later("PT720H"), false))
                .isEqualTo(new Turn(Closing.No, Beginning.WithOverlap, false));
    }

    @Test
    void a_request_counts_once() {
        assertThat(turn(QUIET, DAY, rotate("1"), MADE, false).beginning()).isEqualTo(Beginning.WithOverlap);
        assertThat(due(QUIET, DAY, rotate("1"))).isEqualTo(Instant.EPOCH);
        var handled = new Login("a", "print", MADE, rotate("1").after(Handled.NONE), null, null);
        assertThat(handled.handled()).isEqualTo(new Handled("1", null, "1"));
        assertThat(turn(handled, DAY, rotate("1"), MADE, false)).isEqualTo(REST);
        assertThat(due(handled, DAY, rotate("1"))).isNull();
        assertThat(turn(handled, DAY, rotate("2"), MADE, false).beginning()).isEqualTo(Beginning.WithOverlap);
    }

    @Test
    void the_two_requests_do_not_ask_for_each_others_values_again() {
        var both = new Asked("1", "2");
        var first = new Login("a", "print", MADE, rotate("1").after(Handled.NONE), null, null);
        assertThat(both.atOnce(first)).isTrue();
        var then = both.after(first.handled());
        assertThat(then).isEqualTo(new Handled("1", "2", "2"));
        assertThat(turn(new Login("b", "print", MADE, then, null, null), DAY, both, MADE, false))
                .isEqualTo(REST);
    }

    @Test
    void a_request_waits_for_the_role_before() {
        var login = replaced(null, false);
        assertThat(turn(login, DAY, rotate("1"), later("PT23H"), false)).isEqualTo(REST);
        assertThat(due(login, DAY, rotate("1"))).isEqualTo(later("PT24H"));
        assertThat(turn(login, DAY, rotate("1"), later("PT24H"), false))
                .isEqualTo(new Turn(Closing.Idle, Beginning.WithOverlap, false));
    }

    @Test
    void age_waits_for_the_role_before_too() {
        var terms = every("PT1H");
        assertThat(turn(replaced(null, false), terms, Asked.NOTHING, later("PT23H"), false))
                .isEqualTo(REST);
        assertThat(turn(replaced(null, false), terms, Asked.NOTHING, later("PT24H"), false))
                .isEqualTo(new Turn(Closing.Idle, Beginning.WithOverlap, false));
    }

    @Test
    void a_role_is_closed_when_nobody_was_in_with_it_for_the_overlap() {
        assertThat(turn(replaced(null, false), DAY, Asked.NOTHING, later("PT24H"), false))
                .isEqualTo(new Turn(Closing.Idle, Beginning.No, false));
        var seen = replaced(later("PT10H"), false);
        assertThat(turn(seen, DAY, Asked.NOTHING, later("PT24H"), false)).isEqualTo(REST);
        assertThat(due(seen, DAY, Asked.NOTHING))
                .as("once at the end of the overlap")
                .isEqualTo(later("PT24H"));
        assertThat(Rotation.due(seen, DAY, Asked.NOTHING, later("PT23H"))).isEqualTo(later("PT24H"));
        assertThat(Rotation.due(seen, DAY, Asked.NOTHING, later("PT24H"))).isEqualTo(later("PT34H"));
        assertThat(turn(seen, DAY, Asked.NOTHING, later("PT34H"), false))
                .isEqualTo(new Turn(Closing.Idle, Beginning.No, false));
        // Seen before it was replaced: that is nothing.
        assertThat(due(replaced(MADE.minusSeconds(9), false), DAY, Asked.NOTHING))
                .isEqualTo(later("PT24H"));
    }

    @Test
    void a_role_in_use_stays_until_it_is_not() {
        assertThat(turn(replaced(null, false), DAY, Asked.NOTHING, later("PT23H"), true))
                .isEqualTo(REST);
        assertThat(turn(replaced(null, false), DAY, Asked.NOTHING, later("PT24H"), true))
                .isEqualTo(new Turn(Closing.No, Beginning.No, true));
        assertThat(turn(replaced(later("PT24H"), true), DAY, rotate("1"), later("PT400H"), true))
                .isEqualTo(new Turn(Closing.No, Beginning.No, true));
    }

    @Test
    void short_sessions_that_only_others_saw_are_told_of_once() {
        var seen = replaced(later("PT25H"), false);
        assertThat(Rotation.due(seen, DAY, Asked.NOTHING, later("PT24H"))).isEqualTo(Instant.EPOCH);
        assertThat(turn(seen, DAY, Asked.NOTHING, later("PT26H"), false))
                .isEqualTo(new Turn(Closing.No, Beginning.No, true));
        var told = replaced(later("PT25H"), true);
        assertThat(due(told, DAY, Asked.NOTHING)).isEqualTo(later("PT49H"));
        assertThat(turn(told, DAY, Asked.NOTHING, later("PT26H"), false)).isEqualTo(REST);
        assertThat(turn(told, DAY, Asked.NOTHING, later("PT49H"), false))
                .isEqualTo(new Turn(Closing.Idle, Beginning.No, false));
    }

    @Test
    void without_overlap_it_is_not_looked_at_all_the_time() {
        var terms = new CredentialTerms(null, Duration.ZERO, null);
        assertThat(due(replaced(null, false), terms, Asked.NOTHING)).isEqualTo(MADE);
        assertThat(due(replaced(later("PT1S"), true), terms, Asked.NOTHING))
                .isEqualTo(later("PT1S").plus(Rotation.PATIENCE));
    }

    @Test
    void in_the_end_it_is_closed_in_use_or_not() {
        var terms = closeAfter("PT48H");
        assertThat(turn(replaced(later("PT24H"), true), terms, Asked.NOTHING, later("PT47H"), true))
                .isEqualTo(new Turn(Closing.No, Beginning.No, true));
        assertThat(due(replaced(later("PT47H"), true), terms, Asked.NOTHING)).isEqualTo(later("PT48H"));
        assertThat(turn(replaced(later("PT47H"), true), terms, Asked.NOTHING, later("PT48H"), true))
                .isEqualTo(new Turn(Closing.Forced, Beginning.No, false));
        // One layer may say less than another's overlap, for which it is sure to work.
        assertThat(turn(replaced(null, false), closeAfter("PT1H"), Asked.NOTHING, later("PT23H"), true))
                .isEqualTo(REST);
    }

    @Test
    void at_once_is_at_once() {
        assertThat(turn(replaced(null, false), DAY, rotateNow("1"), MADE, true))
                .isEqualTo(new Turn(Closing.Forced, Beginning.AtOnce, false));
        assertThat(turn(QUIET, DAY, rotateNow("1"), MADE, false))
                .isEqualTo(new Turn(Closing.No, Beginning.AtOnce, false));
        var revoked = new Login("b", "print", MADE, Handled.NONE, null, new Previous(MADE, null, false, true));
        assertThat(due(revoked, DAY, Asked.NOTHING)).isEqualTo(Instant.EPOCH);
        assertThat(turn(revoked, DAY, Asked.NOTHING, MADE, true))
                .isEqualTo(new Turn(Closing.Forced, Beginning.No, false));
    }

    @Test
    void what_was_begun_is_finished_though_nobody_wants_it_any_more() {
        var begun = new Login("a", "print", MADE, Handled.NONE, new Next("other", false, Handled.NONE), null);
        assertThat(due(begun, DAY, Asked.NOTHING)).isEqualTo(Instant.EPOCH);
        assertThat(turn(begun, DAY, Asked.NOTHING, MADE, false).beginning()).isEqualTo(Beginning.WithOverlap);
        var atOnce = new Login("a", "print", MADE, Handled.NONE, new Next("other", true, Handled.NONE), null);
        assertThat(turn(atOnce, DAY, Asked.NOTHING, MADE, false).beginning()).isEqualTo(Beginning.AtOnce);
    }
}
