// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one merge of conditions: a transition time moves only with its status. */
public final class Conditions {
    public static final String READY = "Ready";
    public static final String RECONCILING = "Reconciling";
    public static final String STALLED = "Stalled";
    public static final String ACCEPTED = "Accepted";
    public static final String COMPLIANT = "Compliant";
    public static final String PROGRAMMED = "Programmed";
    public static final String HARDENED = "Hardened";
    public static final String IN_SYNC = "InSync";

    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";

    private static final int LONGEST_MESSAGE = 32_768;

    private Conditions() {}

    /** A condition as it should read. */
    public record Wanted(String type, String status, Reason reason, String message) {
        public static Wanted of(String type, boolean status, Reason reason, String message) {
            return new Wanted(type, status ? TRUE : FALSE, reason, message);
        }
    }

    /**
     * {@link #merge} for the kinds without {@link #READY}: with {@link #STALLED} where it is not accepted. What reads health by
     * kstatus, such as Flux, looks there and nowhere else. An end that was foreseen asks nobody to act.
     */
    public static List<Condition> judged(
            @Nullable List<Condition> before, List<Wanted> wanted, @Nullable Long generation, Instant now) {
        var stalled = wanted.stream()
                .filter(w ->
                        w.type().equals(ACCEPTED) && w.status().equals(FALSE) && w.reason() != Reason.WaiverExpired)
                .map(w -> new Wanted(STALLED, TRUE, w.reason(), w.message()));
        return merge(before, Stream.concat(wanted.stream(), stalled).toList(), generation, now);
    }

    /** The new list; equal to {@code before} when nothing changed. */
    public static List<Condition> merge(
            @Nullable List<Condition> before, List<Wanted> wanted, @Nullable Long generation, Instant now) {
        var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return wanted.stream()
                .map(w -> new Condition(
                        w.type(),
                        w.status(),
                        generation,
                        find(before, w.type())
                                .filter(c -> c.status().equals(w.status()))
                                .map(Condition::lastTransitionTime)
                                .orElse(time),
                        w.reason().name(),
                        cut(w.message())))
                .toList();
    }

    /** The list with these in it anew, and all others as they are, judged when they were. */
    public static List<Condition> amend(
            @Nullable List<Condition> before, List<Wanted> wanted, @Nullable Long generation, Instant now) {
        var amended = merge(before, wanted, generation, now);
        var others = before == null
                ? Stream.<Condition>empty()
                : before.stream().filter(c -> find(amended, c.type()).isEmpty());
        return Stream.concat(amended.stream(), others).toList();
    }

    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }

    /** A condition as it reads, to be said again; one with a reason of another version's is not. */
    public static Optional<Wanted> kept(@Nullable List<Condition> conditions, String type) {
        return find(conditions, type)
                .flatMap(c -> Stream.of(Reason.values())
                        .filter(reason -> reason.name().equals(c.reason()))
                        .findFirst()
                        .map(reason -> new Wanted(type, c.status(), reason, c.message())));
    }

    private static String cut(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }
}
