// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.impact;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import dev.howdah.policy.merge.ObjectConflict;
import dev.howdah.policy.rulebook.Contradictions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What would be otherwise if some objects were applied.
 *
 * @param objects what would be applied
 * @param invalid what is wrong with them; they would do nothing
 * @param contradictions limits of theirs that leave nothing, together with those of other policies
 * @param conflicts values of policies and classes that could no longer be in force
 * @param claims those for which something would be otherwise
 */
record Impact(
        List<Change> objects,
        List<String> invalid,
        List<String> contradictions,
        List<String> conflicts,
        List<ClaimImpact> claims,
        Summary summary,
        List<Fault> faults,
        List<String> notes) {

    /** An object that would be applied, and whether it is there already. */
    record Change(String object, boolean replaces) {}

    /**
     * How many claims would fare how; each counts once.
     *
     * @param changed those of which only values would be otherwise
     * @param otherwise those that break other rules than now, and neither come to be refused nor accepted by it
     */
    record Summary(
            int claims, int denied, int noLongerComply, int accepted, int changed, int otherwise, int untouched) {}

    boolean fine() {
        return invalid.isEmpty()
                && contradictions.isEmpty()
                && faults.isEmpty()
                && summary.denied() == 0
                && summary.noLongerComply() == 0;
    }

    static Impact of(World there, World change, Instant now) {
        var before = Judgements.of(there, now);
        var after = Judgements.of(there.overlaidBy(change), now);
        var claims = after.all().stream()
                .flatMap(judged -> ClaimImpact.of(before.of(judged.key()), judged).stream())
                .toList();
        return new Impact(
                objects(there, change),
                invalid(after, change),
                contradictions(after, change),
                conflicts(before, after),
                claims,
                summary(after.all().size(), claims),
                after.world().faults(),
                after.world().notes());
    }

    private static List<Change> objects(World there, World change) {
        var objects = new ArrayList<Change>();
        name("DatabaseClass", change.classes(), there.classes(), objects);
        name("DatabasePolicy", change.policies(), there.policies(), objects);
        name("DatabaseWaiver", change.waivers(), there.waivers(), objects);
        name("DatabaseClaim", change.claims(), there.claims(), objects);
        return objects;
    }

    private static void name(String kind, Map<String, ?> change, Map<String, ?> there, List<Change> objects) {
        if (change != there) {
            change.keySet().forEach(name -> objects.add(new Change(kind + "/" + name, there.containsKey(name))));
        }
    }

    private static List<String> invalid(Judgements after, World change) {
        var invalid = new ArrayList<String>();
        after.faults(change)
                .forEach((object, faults) -> faults.forEach(fault -> invalid.add("%s: %s".formatted(object, fault))));
        return invalid;
    }

    /** A claim's namespace and class decide which policies meet. */
    private record Meeting(Map<String, String> labels, String className) {}

    private static List<String> contradictions(Judgements after, World change) {
        var world = after.world();
        var namespaces = new TreeSet<>(world.namespaces().keySet());
        after.all().forEach(judged -> namespaces.add(judged.namespace()));
        var meetings = new LinkedHashSet<Meeting>();
        namespaces.forEach(namespace -> world.classes()
                .keySet()
                .forEach(className -> meetings.add(new Meeting(world.labels(namespace), className))));
        var told = new LinkedHashSet<String>();
        for (var meeting : meetings) {
            for (var found : Contradictions.among(after.rulebook().matching(meeting.labels(), meeting.className()))) {
                var self = change.policies().containsKey(found.one().name()) ? found.one() : found.other();
                if (change.policies().containsKey(self.name())) {
                    told.add("DatabasePolicy/%s: %s".formatted(self.name(), found.message(self)));
                }
            }
        }
        return List.copyOf(told);
    }

    private static List<String> conflicts(Judgements before, Judgements after) {
        var known = new HashSet<>(conflicts(before));
        return conflicts(after).stream()
                .filter(conflict -> !known.contains(conflict))
                .toList();
    }

    private static Set<String> conflicts(Judgements judgements) {
        var conflicts = new LinkedHashSet<String>();
        for (var judged : judgements.all()) {
            judged.merged()
                    .map(merged -> merged.conflicts())
                    .orElse(List.<ObjectConflict>of())
                    .forEach(conflict -> conflicts.add(conflict.author().text() + ": " + conflict.message()));
        }
        return conflicts;
    }

    private static Summary summary(int all, List<ClaimImpact> claims) {
        return new Summary(
                all,
                count(claims, Outcome.Denied),
                count(claims, Outcome.NoLongerComplies),
                count(claims, Outcome.Accepted),
                count(claims, Outcome.Changes),
                count(claims, Outcome.StillRefused)
                        + count(claims, Outcome.CompliesBetter)
                        + count(claims, Outcome.Noted),
                all - claims.size());
    }

    private static int count(List<ClaimImpact> claims, Outcome outcome) {
        return (int) claims.stream().filter(claim -> claim.outcome() == outcome).count();
    }
}
