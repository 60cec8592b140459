// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.PostgresServerSpec.PasswordMode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Credential;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.postgres.Scram;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimProvisioning.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which passwords are kept and which are made anew. */
final class Credentials {
    private static final Duration RESET_INTERVAL = Duration.ofMinutes(1);

    private final Passwords passwords;
    private final InstantSource clock;
    /** When logins that were published before last got a new password, by claim UID and access entry. */
    private final Map<String, Map<String, Instant>> resets = new ConcurrentHashMap<>();
    /** Access entries whose published password was tried and does not work, by claim UID. */
    private final Map<String, Set<String>> spoilt = new ConcurrentHashMap<>();

    Credentials(Passwords passwords, InstantSource clock) {
        this.passwords = passwords;
        this.clock = clock;
    }

    /** Those of the known passwords that nothing speaks against. */
    Map<String, String> good(Order order, Map<String, String> known) {
        var bad = spoilt.get(order.identity().uid());
        if (bad == null) {
            return known;
        }
        var good = new HashMap<>(known);
        bad.forEach(good::remove);
        return good;
    }

    /** The password of this entry was changed behind our back. */
    void doesNotWork(Order order, String access) {
        spoilt.computeIfAbsent(order.identity().uid(), uid -> ConcurrentHashMap.newKeySet())
                .add(access);
    }

    /** Logins whose password was seen to be changed are as good as lost; how to wait, if that was so just now. */
    @Nullable
    Told renew(Order order, Set<String> changed, Map<String, String> current) {
        var row = order.row();
        if (row == null || changed.isEmpty()) {
            return null;
        }
        for (var access : order.effective().access()) {
            var login = row.logins().get(access.name());
            if (login != null && changed.contains(order.names().login(access.name(), login.slot()))) {
                doesNotWork(order, access.name());
                current.remove(access.name());
            }
        }
        return pause(order, row, current);
    }

    /** A Secret that is spoilt again and again gets a new password once a minute at most. */
    @Nullable
    Told pause(Order order, LedgerClaim row, Map<String, String> good) {
        var times = resets.getOrDefault(order.identity().uid(), Map.of());
        var last = order.effective().access().stream()
                .filter(access -> !good.containsKey(access.name()) && published(row, access))
                .map(access -> times.get(access.name()))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        if (last == null || row.state() != State.Active) {
            return null;
        }
        var left = Duration.between(clock.instant(), last.plus(RESET_INTERVAL));
        // Longer than that it is only where the clock went back.
        return left.isPositive() && left.compareTo(RESET_INTERVAL) <= 0
                ? ClaimOutcome.told(
                                Standing.Waiting,
                                Reason.Provisioning,
                                "a Secret of this claim was deleted or altered, or its password changed by hand, again within a minute; it is published anew, with a new password, a minute after the last time",
                                left.plusMillis(100))
                        .withHome(ClaimProvisioning.home(order.member(), row))
                : null;
    }

    /** A login whose rotation was begun gets its new password by that. */
    private static boolean published(LedgerClaim row, EffectiveClaim.Access access) {
        var login = row.logins().get(access.name());
        return login != null && login.next() == null;
    }

    /** New passwords for entries without a good one. They are added to {@code current}. */
    Map<String, Credential> fresh(Order order, Observed observed, Map<String, String> current) {
        var row = observed.row();
        var fresh = new HashMap<String, Credential>();
        for (var access : order.effective().access()) {
            var login = row == null ? null : row.logins().get(access.name());
            var works = row != null
                    && row.state() == State.Active
                    && row.identity().uid().equals(order.identity().uid())
                    && login != null
                    && (current.containsKey(access.name()) || login.next() != null);
            if (!works) {
                var user = order.names().login(access.name(), login == null ? "a" : login.slot());
                var made = make(order, user, order.open().server().now());
                fresh.put(access.name(), made.credential());
                current.put(access.name(), made.password());
            }
        }
        return fresh;
    }

    /** A new password, and what PostgreSQL is told of it. Never prints itself. */
    record Made(String password, Credential credential) {
        @Override
        public String toString() {
            return "Made[…]";
        }
    }

    /** {@code now} is the server's. */
    Made make(Order order, String user, Instant now) {
        var password = passwords.next();
        var byServer = order.member().resource().getSpec().passwordMode() == PasswordMode.Server;
        var ledger = order.open().server().identity().ledger();
        return new Made(
                password,
                new Credential(
                        byServer ? password : Scram.verifier(password),
                        Scram.fingerprint(ledger, user, password),
                        now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** They are in the Secrets now. {@code before} is the row as it was then. */
    void published(Order order, @Nullable LedgerClaim before, Map<String, Credential> fresh) {
        spoilt.remove(order.identity().uid());
        if (before == null || !before.identity().equals(order.identity()) || before.state() != State.Active) {
            return;
        }
        fresh.keySet().stream()
                .filter(before.logins()::containsKey)
                .forEach(access -> resets.computeIfAbsent(order.identity().uid(), uid -> new ConcurrentHashMap<>())
                        .put(access, clock.instant()));
    }

    void forget(String uid) {
        resets.remove(uid);
        spoilt.remove(uid);
    }
}
