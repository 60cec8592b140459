// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Login.Handled;
import dev.howdah.plan.Login.Previous;
import dev.howdah.policy.CredentialTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a login is replaced by its other one, and when that is closed. Pure; times are the server's. What was begun
 * is finished, whatever the reason for it became.
 */
public final class Rotation {
    /** A login that is in use beyond its overlap is not looked at more often. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rotation() {}

    /** What the claim's annotations ask for; {@code null} for nothing. */
    public record Asked(@Nullable String rotate, @Nullable String rotateNow) {
        public static final Asked NOTHING = new Asked(null, null);

        /** What is carried out when this is. */
        Handled after(Handled before) {
            var now = rotateNow != null && !rotateNow.equals(before.rotateNow());
            var later = rotate != null && !rotate.equals(before.rotate());
            return new Handled(
                    rotate == null ? before.rotate() : rotate,
                    rotateNow == null ? before.rotateNow() : rotateNow,
                    now ? rotateNow : later ? rotate : before.last());
        }

        /** Whether a new password without overlap is asked for and was not made. */
        public boolean atOnce(Login login) {
            return rotateNow != null && !rotateNow.equals(login.handled().rotateNow());
        }

        /** Whether a new password with overlap is asked for and was not made. */
        public boolean withOverlap(Login login) {
            return rotate != null && !rotate.equals(login.handled().rotate());
        }
    }

    /**
     * What was seen of the logins of a claim.
     *
     * @param now by the server's clock
     * @param inSession roles somebody is in with
     * @param owning roles that own something themselves
     */
    public record Seen(Instant now, Set<String> inSession, Set<String> owning) {}

    /** What becomes of the role that was published before. */
    public enum Closing {
        No,
        /** Nobody has used it for the overlap. */
        Idle,
        /** Its sessions are ended. */
        Forced
    }

    /** Whether the idle role is made ready to be published. */
    public enum Beginning {
        No,
        WithOverlap,
        AtOnce
    }

    /**
     * What is to be done for a login now.
     *
     * @param inUse whether it is to be noted that the role before is in use beyond its overlap
     */
    public record Turn(Closing closing, Beginning beginning, boolean inUse) {
        public boolean rests() {
            return closing == Closing.No && beginning == Beginning.No && !inUse;
        }
    }

    /** What is to be done, where {@code inSession} says whether somebody is in with the role that is not published. */
    public static Turn turn(Login login, CredentialTerms terms, Asked asked, Instant now, boolean inSession) {
        var previous = login.previous();
        var closing = previous == null ? Closing.No : closing(previous, terms, asked.atOnce(login), now, inSession);
        var inUse = previous != null
                && closing == Closing.No
                && !now.isBefore(end(previous, terms))
                && (inSession || untold(previous, terms));
        return new Turn(closing, beginning(login, terms, asked, now, closing), inUse);
    }

    private static Closing closing(
            Previous previous, CredentialTerms terms, boolean atOnce, Instant now, boolean inSession) {
        if (atOnce || previous.revoked()) {
            return Closing.Forced;
        }
        var limit = limit(previous, terms);
        if (limit != null && !now.isBefore(limit)) {
            return Closing.Forced;
        }
        return inSession || now.isBefore(previous.lastUse().plus(terms.overlapInForce())) ? Closing.No : Closing.Idle;
    }

    private static Beginning beginning(Login login, CredentialTerms terms, Asked asked, Instant now, Closing closing) {
        var next = login.next();
        if (asked.atOnce(login) || (next != null && next.atOnce())) {
            return Beginning.AtOnce;
        }
        if (next != null) {
            return Beginning.WithOverlap;
        }
        var free = login.previous() == null || closing != Closing.No;
        var every = terms.rotateEvery();
        var aged = every != null && !now.isBefore(login.rotated().plus(every));
        return free && (aged || asked.withOverlap(login)) ? Beginning.WithOverlap : Beginning.No;
    }

    /** When the role before is closed, in use or not; {@code null} for never. */
    private static @Nullable Instant limit(Previous previous, CredentialTerms terms) {
        var closeAfter = terms.closeAfter();
        var overlap = terms.overlapInForce();
        return closeAfter == null
                ? null
                : previous.since().plus(closeAfter.compareTo(overlap) < 0 ? overlap : closeAfter);
    }

    /** When the role before is no longer sure to work. */
    private static Instant end(Previous previous, CredentialTerms terms) {
        return previous.since().plus(terms.overlapInForce());
    }

    /** Whether it was seen in use after its overlap, and nobody was told. */
    private static boolean untold(Previous previous, CredentialTerms terms) {
        return !previous.inUse() && previous.seen() != null && !previous.seen().isBefore(end(previous, terms));
    }

    /**
     * When there may be something to do for a login; {@code null} for never. In the past: now.
     *
     * @param looked when its claim's logins were last looked at, {@code null} where that is not known
     */
    public static @Nullable Instant due(Login login, CredentialTerms terms, Asked asked, @Nullable Instant looked) {
        var previous = login.previous();
        if (login.next() != null || asked.atOnce(login) || (previous != null && previous.revoked())) {
            return Instant.EPOCH;
        }
        if (previous != null) {
            var limit = limit(previous, terms);
            var idle = untold(previous, terms) ? Instant.EPOCH : idle(previous, terms, looked);
            return limit != null && limit.isBefore(idle) ? limit : idle;
        }
        var every = terms.rotateEvery();
        return asked.withOverlap(login)
                ? Instant.EPOCH
                : every == null ? null : login.rotated().plus(every);
    }

    /** When the role before may have been idle for long enough; at the end of its overlap it is looked at in any case. */
    private static Instant idle(Previous previous, CredentialTerms terms, @Nullable Instant looked) {
        var overlap = terms.overlapInForce();
        if (previous.inUse()) {
            return previous.lastUse().plus(overlap.compareTo(PATIENCE) < 0 ? PATIENCE : overlap);
        }
        var end = end(previous, terms);
        return looked == null || looked.isBefore(end) ? end : previous.lastUse().plus(overlap);
    }
}
