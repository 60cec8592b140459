// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.plan.Rotation.Beginning;
import dev.howdah.plan.Rotation.Closing;
import dev.howdah.plan.Rotation.Turn;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim.Access;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a rotation. Two plans make one, and the Secret is written between them: {@link #begin} opens the idle roles,
 * {@link #complete} records that they are published. After a crash between any two steps the same two plans go on.
 */
public final class RotationPlan {
    private static final int CLOSED = 0;

    private final String uid;
    private final ClaimNames names;
    private final Set<String> owning;
    private final Set<String> owners;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Login> logins;

    private RotationPlan(LedgerClaim row, List<Access> access, Set<String> owning) {
        this.uid = row.identity().uid();
        this.names = new ClaimNames(row.database());
        this.owning = owning;
        this.owners = access.stream()
                .filter(entry -> entry.role() == AccessRole.Owner)
                .flatMap(entry -> names.logins(entry.name()).stream())
                .collect(Collectors.toUnmodifiableSet());
        this.logins = new HashMap<>(row.logins());
    }

    /** A plan, and the row as it is when that was carried out. */
    public record Change(Plan plan, LedgerClaim row) {}

    /**
     * Closes what is to be closed, and opens the idle roles of entries whose turn it is.
     *
     * @param turns by access name
     * @param credentials by access name, for all that begin
     */
    public static Change begin(
            LedgerClaim row,
            List<Access> access,
            Rotation.Seen seen,
            Rotation.Asked asked,
            Map<String, Turn> turns,
            Map<String, Credential> credentials) {
        var plan = new RotationPlan(row, access, seen.owning());
        for (var entry : access) {
            var login = row.logins().get(entry.name());
            var turn = turns.get(entry.name());
            if (login != null && turn != null) {
                plan.begin(entry, login, turn, seen, asked, credentials.get(entry.name()));
            }
        }
        return plan.change(row);
    }

    private void begin(
            Access entry,
            Login login,
            Turn turn,
            Rotation.Seen seen,
            Rotation.Asked asked,
            @Nullable Credential credential) {
        var other = names.login(entry.name(), login.otherSlot());
        var after = login;
        if (turn.closing() != Closing.No) {
            close(other, turn.closing() == Closing.Forced);
            after = after.closed();
        }
        var previous = login.previous();
        if (turn.inUse() && previous != null) {
            after = after.inUse(previous, seen.inSession().contains(other) ? seen.now() : previous.seen());
        }
        if (turn.beginning() != Beginning.No && credential != null) {
            steps.add(new Step.AlterLogin(other, true, RolePlan.limit(entry), credential));
            after = after.begun(credential, turn.beginning() == Beginning.AtOnce, asked.after(login.handled()));
        }
        record(entry.name(), after);
    }

    /**
     * Records that the Secrets name the roles that were begun; those before are closed where no overlap is wanted.
     *
     * @param issued when the passwords were made, by access name of the entries whose Secret was written
     * @param since when the Secrets were written
     */
    public static Change complete(
            LedgerClaim row, List<Access> access, Set<String> owning, Map<String, Instant> issued, Instant since) {
        var plan = new RotationPlan(row, access, owning);
        new TreeMap<>(issued).forEach((name, made) -> {
            var login = row.logins().get(name);
            var next = login == null ? null : login.next();
            if (login != null && next != null) {
                plan.record(name, login.switched(next, made, since));
            }
        });
        // Told first and closed afterwards: from the first on, the roles before are nobody's that the ledger knows of.
        issued.keySet().stream().sorted().forEach(plan::revoke);
        return plan.change(row);
    }

    private void revoke(String access) {
        var login = logins.get(access);
        var previous = login == null ? null : login.previous();
        if (login != null && previous != null && previous.revoked()) {
            close(names.login(access, login.otherSlot()), true);
            record(access, login.closed());
        }
    }

    private void close(String role, boolean forced) {
        var end = new Step.EndSessions(List.of(role));
        if (forced) {
            // An open transaction of its own may hold the very row that closing changes.
            steps.add(end);
        }
        steps.add(new Step.AlterLogin(role, false, CLOSED, null));
        if (forced) {
            steps.add(end);
        }
        if (owning.contains(role)) {
            steps.add(new Step.HandOver(
                    names.database(), names.databaseRole(), role, names.ownerGroup(), owners.contains(role)));
        }
    }

    private void record(String access, Login login) {
        logins.put(access, login);
        steps.add(new Step.RecordLogin(uid, access, login));
    }

    private Change change(LedgerClaim row) {
        return new Change(new Plan(steps), row.with(logins));
    }
}
