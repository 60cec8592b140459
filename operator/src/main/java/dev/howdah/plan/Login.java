// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The login of an access entry as the ledger knows it. Of its two roles one is published; the other one is idle and closed
 * but for a rotation: then it is {@code next} until the Secret names it, and {@code previous} from then on. It is never
 * both. All times are the server's.
 *
 * @param slot of the published role, {@code a} or {@code b}
 * @param fingerprint a keyed hash of the published password
 * @param rotated when that was set, in whole seconds
 * @param handled the requests for a rotation that were carried out
 * @param next a rotation that was begun
 * @param previous the role that was published before and still works
 */
public record Login(
        String slot,
        String fingerprint,
        Instant rotated,
        Handled handled,
        @Nullable Next next,
        @Nullable Previous previous) {

    public Login(String slot, String fingerprint, Instant rotated) {
        this(slot, fingerprint, rotated, Handled.NONE, null, null);
    }

    /**
     * Which values of the annotations were carried out.
     *
     * @param last the one of both that was carried out last
     */
    public record Handled(
            @Nullable String rotate,
            @Nullable String rotateNow,
            @Nullable String last) {
        public static final Handled NONE = new Handled(null, null, null);
    }

    /**
     * The idle role was opened with a password that may be in the Secret already.
     *
     * @param atOnce whether the published role is closed as soon as that is so
     * @param handled what is carried out by then
     */
    public record Next(String fingerprint, boolean atOnce, Handled handled) {}

    /**
     * The role that was published before.
     *
     * @param since when the Secret stopped naming it
     * @param seen when a session of it was last seen, {@code null} for never since then
     * @param inUse whether it outlived its overlap because of that, and that was told
     * @param revoked whether it is to be closed whoever uses it
     */
    public record Previous(Instant since, @Nullable Instant seen, boolean inUse, boolean revoked) {
        /** The last moment at which it may have been in use. */
        Instant lastUse() {
            return seen == null || seen.isBefore(since) ? since : seen;
        }
    }

    /** The slot that is not published. */
    public String otherSlot() {
        return slot.equals("a") ? "b" : "a";
    }

    /** Whether the role that is not published is open. */
    boolean otherIsOpen() {
        return next != null || (previous != null && !previous.revoked());
    }

    /** Whether the other role is the rotation's to open or close, now or when its time comes. */
    public boolean isRotating() {
        return next != null || previous != null;
    }

    /** The published role has another password; whoever uses the role before is not concerned. */
    Login reset(Credential credential) {
        return new Login(slot, credential.fingerprint(), credential.issued(), handled, next, previous);
    }

    /** The other role was opened with a new password. */
    Login begun(Credential credential, boolean atOnce, Handled then) {
        return new Login(slot, fingerprint, rotated, handled, new Next(credential.fingerprint(), atOnce, then), null);
    }

    /** The Secret names the other role since then. */
    Login switched(Next to, Instant issued, Instant since) {
        return new Login(
                otherSlot(),
                to.fingerprint(),
                issued,
                to.handled(),
                null,
                new Previous(since, null, false, to.atOnce()));
    }

    /** The role before is in use beyond its overlap; {@code seen} is when that was last so. */
    Login inUse(Previous before, @Nullable Instant seen) {
        return new Login(
                slot, fingerprint, rotated, handled, next, new Previous(before.since(), seen, true, before.revoked()));
    }

    /** The role before is closed. */
    Login closed() {
        return new Login(slot, fingerprint, rotated, handled, next, null);
    }
}
