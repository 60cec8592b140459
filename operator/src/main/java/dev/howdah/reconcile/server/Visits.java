// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Triggers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Decides when a server is looked at, one visit at a time each, and keeps what the last one found. */
final class Visits {
    private final ServerVisit visit;
    private final Fleet fleet;
    private final Triggers triggers;
    private final Executor executor;
    private final InstantSource clock;
    private final Map<String, Course> courses = new ConcurrentHashMap<>();

    Visits(ServerVisit visit, Fleet fleet, Triggers triggers, Executor executor, InstantSource clock) {
        this.visit = visit;
        this.fleet = fleet;
        this.triggers = triggers;
        this.executor = executor;
        this.clock = clock;
    }

    /** What a visit was made for; a change of it asks for another one. */
    record Occasion(
            @Nullable Long generation,
            Map<String, String> annotations,
            @Nullable String secretVersion) {
        static Occasion of(PostgresServer server, @Nullable String secretVersion) {
            var annotations = server.getMetadata().getAnnotations();
            return new Occasion(
                    server.getMetadata().getGeneration(),
                    annotations == null ? Map.of() : Map.copyOf(annotations),
                    secretVersion);
        }
    }

    private static final class Course {
        private boolean underWay;
        private int failures;
        private boolean asked;
        private Instant begun = Instant.MIN;
        private @Nullable Occasion occasion;
        private @Nullable ServerReport report;
    }

    /** Starts a visit if one is due, and tells what the last one found. */
    Optional<ServerReport> ask(Member member, Occasion occasion) {
        var course = courses.computeIfAbsent(member.name(), name -> new Course());
        synchronized (course) {
            var due = course.asked
                    || course.report == null
                    || !Objects.equals(course.occasion, occasion)
                    || !course.report.nextVisit().isAfter(clock.instant())
                    // The clock went back: the next visit is not as far off as it now seems.
                    || clock.instant().isBefore(course.begun);
            if (due && !course.underWay) {
                if (!Objects.equals(course.occasion, occasion)) {
                    course.failures = 0;
                }
                course.underWay = true;
                course.asked = false;
                course.occasion = occasion;
                course.begun = clock.instant();
                executor.execute(() -> run(member, course));
            }
            return Optional.ofNullable(course.report);
        }
    }

    /** The next {@link #ask} starts a visit. */
    void want(String server) {
        var course = courses.computeIfAbsent(server, name -> new Course());
        synchronized (course) {
            course.asked = true;
        }
    }

    Optional<Instant> next(String server) {
        var course = courses.get(server);
        if (course == null) {
            return Optional.empty();
        }
        synchronized (course) {
            return Optional.ofNullable(course.report).map(ServerReport::nextVisit);
        }
    }

    void forget(String server) {
        courses.remove(server);
    }

    private void run(Member member, Course course) {
        try (var logged = MDC.putCloseable("server", member.name())) {
            int failures;
            ServerReport before;
            synchronized (course) {
                failures = course.failures;
                before = course.report;
            }
            var report = visit.visit(member, failures, before);
            synchronized (course) {
                course.failures = report.usable() ? 0 : failures + 1;
                course.report = report;
            }
        } finally {
            synchronized (course) {
                course.underWay = false;
            }
            // A server object that went while it was being looked at leaves no open sessions behind.
            if (fleet.member(member.name()).filter(known -> known == member).isEmpty()) {
                member.open().ifPresent(open -> open.server().close());
            }
            triggers.server(member.name());
        }
    }
}
