// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.plan.Finding;
import dev.howdah.plan.Operators;
import dev.howdah.plan.Step;
import dev.howdah.postgres.HostedServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What is known of the drift on one server: what was compared, what differs still, and what was put right. */
public final class DriftBook {
    private static final Duration TRY_AGAIN = Duration.ofMinutes(10);
    private static final Set<Finding.Kind> INSIDE = EnumSet.of(Finding.Kind.SCHEMA, Finding.Kind.EXTENSION);

    /** By claim UID: the hash of facts that were looked at, and what they were compared with. */
    private final Map<String, String> compared = new ConcurrentHashMap<>();

    private final Map<String, Standing> standing = new ConcurrentHashMap<>();
    private final Map<String, List<String>> repaired = new ConcurrentHashMap<>();
    private final Map<Finding.Kind, LongAdder> foundByKind = new ConcurrentHashMap<>();
    private final Map<Finding.Kind, LongAdder> repairedByKind = new ConcurrentHashMap<>();
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private volatile Operators operators = Operators.NONE;
    private volatile List<String> operatorTroubles = List.of();
    private volatile boolean swept;

    /**
     * A difference that was left.
     *
     * @param run the statements that would put it right, empty where it is not a matter of SQL alone
     * @param refused whether this admin may not run them
     */
    public record Open(Finding finding, String run, boolean refused) {
        /** With what to run on this server. */
        public static Open of(HostedServer server, Finding finding, boolean refused) {
            return new Open(
                    finding,
                    finding.repair().stream()
                            .filter(step -> !(step instanceof Step.EndSessions))
                            .map(step -> (step instanceof Step.Inside in ? "(in database " + in.database() + ") " : "")
                                    + server.statements(step))
                            .collect(Collectors.joining("; ")),
                    refused);
        }

        /** For people. */
        public String words() {
            return finding.what()
                    + (run.isEmpty()
                            ? ""
                            : refused
                                    ? ", and the admin may not repair it; as a superuser, run: " + run
                                    : "; repair: " + run);
        }
    }

    private record Standing(String database, List<Open> open, Instant since) {}

    /** Whether these facts were looked at since anything was done about the claim. */
    public boolean isCompared(String uid, String hash) {
        return hash.equals(compared.get(uid));
    }

    public void compared(String uid, String hash) {
        compared.put(uid, hash);
    }

    /** Something was done: the next sweep looks again. */
    public void lookAgain(String uid) {
        compared.remove(uid);
    }

    public List<Open> open(String uid) {
        var left = standing.get(uid);
        return left == null ? List.of() : left.open();
    }

    /** Everything that is left, by database. */
    public Map<String, List<Open>> open() {
        var all = new TreeMap<String, List<Open>>();
        standing.values().forEach(left -> all.put(left.database(), left.open()));
        return all;
    }

    /** Whether all these were tried a while ago and were refused. */
    public boolean waits(String uid, List<Finding> findings, Instant now) {
        var left = standing.get(uid);
        return left != null
                && left.since().plus(TRY_AGAIN).isAfter(now)
                && left.open().stream()
                        .filter(Open::refused)
                        .map(Open::finding)
                        .toList()
                        .containsAll(findings);
    }

    /**
     * What is left of a claim's drift from now on.
     *
     * @param lookedInside whether what differs inside of the database is among it; otherwise that stays as it was
     * @return whether that is news
     */
    public boolean leave(String uid, String database, List<Open> open, boolean lookedInside, Instant now) {
        var all = new ArrayList<>(open);
        if (!lookedInside) {
            open(uid).stream()
                    .filter(before -> INSIDE.contains(before.finding().kind()))
                    .filter(before -> !all.contains(before))
                    .forEach(all::add);
        }
        var before = open(uid);
        if (all.isEmpty()) {
            standing.remove(uid);
        } else {
            standing.put(uid, new Standing(database, List.copyOf(all), now));
        }
        all.stream().filter(each -> !before.contains(each)).forEach(each -> found(each.finding()));
        return !all.equals(before);
    }

    public void found(Finding finding) {
        foundByKind.computeIfAbsent(finding.kind(), _ -> new LongAdder()).increment();
    }

    /** For the claim to tell. */
    public void repaired(String uid, Finding finding) {
        repairedByKind.computeIfAbsent(finding.kind(), _ -> new LongAdder()).increment();
        repaired.computeIfAbsent(uid, _ -> new ArrayList<>()).add(finding.what());
    }

    /** What was put right and not told yet. */
    public List<String> takeRepaired(String uid) {
        return Optional.ofNullable(repaired.remove(uid)).orElse(List.of());
    }

    public long foundOf(Finding.Kind kind) {
        var count = foundByKind.get(kind);
        return count == null ? 0 : count.sum();
    }

    public long repairedOf(Finding.Kind kind) {
        var count = repairedByKind.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** The operator roles that exist and can be served, and may be granted what they get. */
    public Operators operators() {
        return operators;
    }

    public void operators(Operators now, List<String> troubles) {
        operators = now;
        operatorTroubles = List.copyOf(troubles);
    }

    /** All of the server was looked through. */
    public void swept() {
        swept = true;
    }

    /** Whether something foreign stood in a claim's way when it was last looked at. */
    public boolean stoodInTheWay(String uid, boolean now) {
        return now ? !blocked.add(uid) : blocked.remove(uid);
    }

    public List<String> operatorTroubles() {
        return operatorTroubles;
    }

    /** Whether the server was looked through by this process. */
    public boolean isSwept() {
        return swept;
    }

    void forget(String uid) {
        compared.remove(uid);
        standing.remove(uid);
        repaired.remove(uid);
        blocked.remove(uid);
    }
}
