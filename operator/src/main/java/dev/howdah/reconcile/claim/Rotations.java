// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Credential;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Rotation;
import dev.howdah.plan.Rotation.Asked;
import dev.howdah.plan.Rotation.Beginning;
import dev.howdah.plan.Rotation.Seen;
import dev.howdah.plan.Rotation.Turn;
import dev.howdah.plan.RotationPlan;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.postgres.LoginProbe;
import dev.howdah.postgres.Scram;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.postgres.SqlFailure.Kind;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimProvisioning.Order;
import dev.howdah.reconcile.status.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces logins by their other ones: the idle role is opened and tried, then the Secret moves to it, then the ledger says
 * so. Between any two of these some published login works, and another process goes on from the ledger and the Secret.
 */
final class Rotations {
    private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Credentials credentials;
    /** When the logins of each claim were last looked at, by claim UID. */
    private final Map<String, Instant> looks = new ConcurrentHashMap<>();

    Rotations(Credentials credentials) {
        this.credentials = credentials;
    }

    /** What the claim's annotations ask for. */
    static Asked asked(DatabaseClaim claim) {
        return new Asked(value(claim, Howdah.ROTATE), value(claim, Howdah.ROTATE_NOW));
    }

    private static @Nullable String value(DatabaseClaim claim, String key) {
        return Annotations.get(claim, key).flatMap(RequestValue::of).orElse(null);
    }

    /** Whether the server has to be asked, or told something. */
    boolean due(Order order, LedgerClaim row) {
        var due = next(order, row);
        return due.isPresent() && !due.get().isAfter(order.open().server().now());
    }

    private Optional<Instant> next(Order order, LedgerClaim row) {
        var asked = asked(order.claim());
        var looked = looks.get(order.identity().uid());
        Instant next = null;
        for (var access : order.effective().access()) {
            var login = row.logins().get(access.name());
            var due =
                    login == null ? null : Rotation.due(login, order.effective().credentials(), asked, looked);
            next = due == null || (next != null && next.isBefore(due)) ? next : due;
        }
        return Optional.ofNullable(next);
    }

    /**
     * A Secret may name a role that the ledger does not know to be published: whoever was at it ended in between.
     *
     * @param passwords those of the Secrets found, by access name; added to
     * @return whether something was done
     */
    boolean finish(
            ClaimWork work,
            Order order,
            @Nullable LedgerClaim row,
            ClaimSecrets secrets,
            Map<String, String> passwords) {
        if (row == null || row.state() != State.Active || !row.identity().equals(order.identity())) {
            return false;
        }
        var names = new ClaimNames(row.database());
        var ledger = order.open().server().identity().ledger();
        var now = order.open().server().now();
        var issued = new TreeMap<String, Instant>();
        for (var access : order.effective().access()) {
            var login = row.logins().get(access.name());
            var next = login == null ? null : login.next();
            if (login == null || next == null) {
                continue;
            }
            var user = names.login(access.name(), login.otherSlot());
            secrets.heldNow(access)
                    .filter(password ->
                            Scram.fingerprint(ledger, user, password).equals(next.fingerprint()))
                    .ifPresent(password -> {
                        passwords.put(access.name(), password);
                        issued.put(access.name(), now.truncatedTo(ChronoUnit.SECONDS));
                    });
        }
        if (issued.isEmpty()) {
            return false;
        }
        var owning = work.lookAt(roles(order, names)).owning();
        var change = RotationPlan.complete(row, order.effective().access(), owning, issued, now);
        work.run(change.plan());
        order.member().wrote(change.row());
        order.member().rotated(issued.size());
        return true;
    }

    /**
     * Replaces a login that does not work, where just that is asked for.
     *
     * @param failed what is to be said as long as that is so
     */
    Told replace(
            ClaimWork work,
            Order order,
            LedgerClaim row,
            Map<String, String> passwords,
            ClaimSecrets secrets,
            Told failed) {
        var asked = asked(order.claim());
        return row.logins().values().stream().anyMatch(asked::atOnce)
                ? turn(work, order, row, passwords, secrets, failed).sooner(MOMENT)
                : failed;
    }

    /**
     * Does what is due for the logins of a claim whose published ones work. Where the server does not let it, such as for a
     * table that somebody has locked, the claim is no less ready.
     */
    Told turn(
            ClaimWork work,
            Order order,
            LedgerClaim row,
            Map<String, String> passwords,
            ClaimSecrets secrets,
            Told told) {
        try {
            return turned(work, order, row, passwords, secrets, told);
        } catch (SqlFailure e) {
            var works = passwords.size() == order.effective().access().size();
            if (!works || (e.kind() != Kind.Transient && e.kind() != Kind.NeedsAction)) {
                throw e;
            }
            LOG.warn("a rotation waits: {}", e.explanation());
            return told.but(
                            told.standing(),
                            Reason.RotationPending,
                            told.message()
                                    + "; its logins are not yet as they should be, which is tried again every minute: "
                                    + e.explanation())
                    .sooner(ClaimFlow.LOOK_AGAIN);
        }
    }

    private Told turned(
            ClaimWork work,
            Order order,
            LedgerClaim row,
            Map<String, String> passwords,
            ClaimSecrets secrets,
            Told told) {
        var names = new ClaimNames(row.database());
        var asked = asked(order.claim());
        var access = order.effective().access();
        var seen = work.lookAt(roles(order, names));
        looks.put(order.identity().uid(), seen.now());
        var turns = turns(order, row, names, asked, seen);
        if (turns.isEmpty()) {
            return told;
        }
        var fresh = new HashMap<String, Credential>();
        var latest = new HashMap<>(passwords);
        turns.forEach((name, turn) -> {
            if (turn.beginning() != Beginning.No) {
                var made = credentials.make(order, other(row, names, name), seen.now());
                fresh.put(name, made.credential());
                latest.put(name, made.password());
            }
        });
        var begun = RotationPlan.begin(row, access, seen, asked, turns, fresh);
        work.run(begun.plan());
        order.member().wrote(begun.row());
        var refusals = tried(work, begun.row(), names, fresh.keySet(), latest);
        refusals.keySet().forEach(fresh::remove);
        latest.keySet().removeAll(refusals.keySet());
        LedgerClaim after;
        try {
            after = moved(work, order, begun.row(), seen.owning(), fresh, latest, secrets);
        } catch (ClaimSecrets.Foreign e) {
            return e.outcome(ClaimFlow.LOOK_AGAIN).withHome(ClaimProvisioning.home(order.member(), begun.row()));
        }
        var words = new RotationWords(order.effective().credentials(), row, after);
        if (!refusals.isEmpty()) {
            var works = told.standing() == Standing.Ready && passwords.keySet().containsAll(refusals.keySet());
            return home(told, after, order, words.news(turns))
                    .but(
                            works ? Standing.Ready : Standing.Conflict,
                            Reason.LoginFailed,
                            words.refused(refusals, order.member().name(), works))
                    .sooner(ClaimFlow.LOOK_AGAIN);
        }
        return home(told, after, order, words.news(turns));
    }

    private static Told home(Told told, LedgerClaim row, Order order, @Nullable News news) {
        var there = told.withHome(ClaimProvisioning.home(order.member(), row));
        return news == null ? there : there.with(news);
    }

    private static Map<String, Turn> turns(Order order, LedgerClaim row, ClaimNames names, Asked asked, Seen seen) {
        var turns = new TreeMap<String, Turn>();
        for (var access : order.effective().access()) {
            var login = row.logins().get(access.name());
            if (login == null) {
                continue;
            }
            var other = names.login(access.name(), login.otherSlot());
            var turn = Rotation.turn(
                    login,
                    order.effective().credentials(),
                    asked,
                    seen.now(),
                    seen.inSession().contains(other));
            if (!turn.rests()) {
                turns.put(access.name(), turn);
            }
        }
        return turns;
    }

    /** What the server said to those that it did not let in, by access name. */
    private static Map<String, String> tried(
            ClaimWork work, LedgerClaim row, ClaimNames names, Set<String> fresh, Map<String, String> passwords) {
        var refusals = new TreeMap<String, String>();
        for (var name : fresh) {
            // A claim whose connections are all in use lets nobody in, but says so only to who has the right password.
            if (work.probe(other(row, names, name), Objects.requireNonNull(passwords.get(name)))
                    instanceof LoginProbe.Result.Fails fails) {
                refusals.put(name, fails.message());
            }
        }
        return refusals;
    }

    private static LedgerClaim moved(
            ClaimWork work,
            Order order,
            LedgerClaim row,
            Set<String> owning,
            Map<String, Credential> fresh,
            Map<String, String> passwords,
            ClaimSecrets secrets) {
        if (fresh.isEmpty()) {
            return row;
        }
        var server = order.open().server();
        var issued = new TreeMap<String, Instant>();
        fresh.forEach((name, credential) -> issued.put(name, credential.issued()));
        var target = RotationPlan.complete(row, order.effective().access(), owning, issued, server.now())
                .row();
        secrets.publish(order.effective(), target, order.open().endpoint(), passwords);
        var change = RotationPlan.complete(row, order.effective().access(), owning, issued, server.now());
        work.run(change.plan());
        order.member().wrote(change.row());
        order.member().rotated(fresh.size());
        return change.row();
    }

    /** The role of an entry that is not published. */
    private static String other(LedgerClaim row, ClaimNames names, String access) {
        return names.login(
                access, Objects.requireNonNull(row.logins().get(access)).otherSlot());
    }

    private static List<String> roles(Order order, ClaimNames names) {
        return order.effective().access().stream()
                .map(Access::name)
                .flatMap(name -> names.logins(name).stream())
                .toList();
    }

    /** What a claim that is ready says of its logins, and when it comes again for them. */
    Told tell(Order order, Told told) {
        var home = told.home();
        if (told.standing() != Standing.Ready || home == null || told.reason() != Reason.Provisioned) {
            return told;
        }
        var row = home.row();
        var next = next(order, row)
                .map(due -> Duration.between(order.open().server().now(), due))
                .map(wait -> wait.compareTo(MOMENT) < 0 ? MOMENT : wait);
        var sooner = next.map(told::sooner).orElse(told);
        var waiting = RotationWords.waiting(order.effective(), row, asked(order.claim()));
        return waiting == null
                ? sooner
                : sooner.but(Standing.Ready, waiting.reason(), told.message() + "; " + waiting.message());
    }

    void forget(String uid) {
        looks.remove(uid);
    }
}
