// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Hardening;
import dev.howdah.api.v1alpha1.PostgresServerSpec.OperatorRole;
import dev.howdah.api.v1alpha1.PostgresServerStatus.AvailableExtension;
import dev.howdah.api.v1alpha1.PostgresServerStatus.Capabilities;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.engine.ExternalServer;
import dev.howdah.engine.ExternalServer.Access;
import dev.howdah.engine.ExternalServer.AppEndpoint;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.postgres.ConnectionTarget;
import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.HostedServer.Entry;
import dev.howdah.postgres.ServerOpening;
import dev.howdah.postgres.ServerOpening.Expectation;
import dev.howdah.postgres.ServerRefused;
import dev.howdah.postgres.ServerSweep;
import dev.howdah.postgres.ServerSweep.Line;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.fleet.Consents;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.Forbidden;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at one server: connect or check the connection, read the ledger, harden, sweep. Runs apart from the
 * reconcilers' threads, so that a server that hangs keeps nobody else waiting.
 */
final class ServerVisit {
    private static final Logger LOG = LoggerFactory.getLogger(ServerVisit.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int LISTED_EXTENSIONS = 200;
    private static final int LISTED_VERSIONS = 64;
    private static final int LISTED_PARAMETERS = 256;

    private final KubernetesClient client;
    private final Fleet fleet;
    private final Leadership leadership;
    private final Settings settings;
    private final EventRecorder events;
    private final Clock clock;

    ServerVisit(
            KubernetesClient client,
            Fleet fleet,
            Leadership leadership,
            Settings settings,
            EventRecorder events,
            Clock clock) {
        this.client = client;
        this.fleet = fleet;
        this.leadership = leadership;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    /** Looks at the server. Whatever goes wrong is in the report. */
    ServerReport visit(Member member, int failuresBefore, @Nullable ServerReport before) {
        try {
            return look(member);
        } catch (KubernetesClientException e) {
            // Nothing is wrong with the server: what was known of it stands.
            var forbidden = Forbidden.words(e);
            LOG.warn("a server could not be looked at: {}", forbidden.orElse(e.getMessage()));
            return before != null && member.open().isPresent()
                    ? before.until(clock.instant().plus(RETRY))
                    : refused(
                            member,
                            forbidden
                                    .map(words -> new ServerRefused(Reason.InsufficientPrivilege, words, e))
                                    .orElseGet(() -> new ServerRefused(
                                            Reason.Unreachable, "the Kubernetes API did not answer; tried again", e)),
                            failuresBefore);
        } catch (ServerRefused e) {
            if (e.busy() && before != null && before.usable() && member.open().isPresent()) {
                return before.until(clock.instant().plus(RETRY));
            }
            var consent = e.reason() == Reason.OwnedByAnotherInstallation
                    ? Consents.recoversNothing(member.resource(), clock.instant())
                    : null;
            return refused(member, consent == null ? e : e.and(consent), failuresBefore);
        } catch (SqlFailure e) {
            return refused(member, new ServerRefused(Reason.Unreachable, e.explanation(), e), failuresBefore);
        } catch (RuntimeException e) {
            LOG.error("a visit failed", e);
            return refused(
                    member,
                    new ServerRefused(
                            Reason.Stuck,
                            "looking at this server failed unexpectedly (%s). This is a bug: please report it with the operator's log"
                                    .formatted(e),
                            e),
                    failuresBefore);
        }
    }

    private ServerReport refused(Member member, ServerRefused refusal, int failuresBefore) {
        var news = !(member.state() instanceof Member.State.Refused before && before.reason() == refusal.reason());
        member.refused(refusal.reason(), refusal.explanation(), refusal.foreign());
        if (news) {
            fleet.changed(member);
        }
        var wait = RETRY.multipliedBy(1L << Math.min(failuresBefore, 4));
        return new ServerReport(
                false,
                refusal.reason(),
                refusal.explanation(),
                null,
                null,
                clock.instant().plus(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY));
    }

    private ServerReport look(Member member) {
        var resource = member.resource();
        var access = access(resource);
        var target = new ConnectionTarget(
                access.host(),
                access.port(),
                access.adminDatabase(),
                access.user(),
                access.password(),
                access.sslMode(),
                access.caPem());
        var endpoint = ExternalServer.endpoint(resource.getSpec(), access);
        var open = member.open()
                .filter(o -> o.server().reachedBy(target) && o.server().unchanged())
                .orElse(null);
        HostedServer server;
        if (open == null) {
            server = connect(member, target, endpoint);
        } else {
            server = open.server();
            if (!open.endpoint().equals(endpoint)) {
                member.moved(server, endpoint);
            }
        }
        var remembered = member.rows();
        var known = remembered.stream()
                .collect(Collectors.toMap(row -> row.identity().uid(), row -> row));
        var look = new ServerSweep(server);
        var lines = look.look(
                known,
                resource.getSpec().operatorRolesOrNone().stream()
                        .map(OperatorRole::name)
                        .toList());
        if (member.position().isBehind(lines.journal())) {
            // A standby that lagged, or a server restored, came so fast that no visit found the address without one.
            connect(member, target, endpoint);
            return look(member);
        }
        var ledger = lines.lines().stream().map(Line::entry).toList();
        PreviousLogins.look(server, ledger);
        var read = ledger.stream().map(Entry::claim).toList();
        fleet.compare(member, remembered, read);
        member.reread(read);
        member.position().reached(lines.journal());
        if (member.position().journalIsDue(clock.instant())) {
            server.keepJournal(settings.journalRetentionDays());
        }
        forgetConsents(member, server);
        measure(member, server);
        var weaknesses = harden(resource, server);
        var hardenedBefore = member.isHardened();
        member.hardened(weaknesses.named().isEmpty());
        if (open == null
                || !open.endpoint().equals(endpoint)
                || hardenedBefore != weaknesses.named().isEmpty()) {
            // Before what may take long, as drops do.
            fleet.changed(member);
        }
        new DriftSweep(fleet, events, clock).run(member, server, look, lines, known);
        var sweep = new Sweep(client, fleet, settings, events, clock);
        var orphans = sweep.run(member, server, ledger);
        sweep.strikeOff(member, server, lines.lines());
        return new ServerReport(
                true,
                Reason.Connected,
                "connected as \"%s\" to PostgreSQL %s".formatted(access.user(), server.version()),
                found(server, weaknesses),
                orphans,
                nextVisit(ledger));
    }

    /** A pair that was acted on and then taken out of the adoptions consents anew when it is put there again. */
    private static void forgetConsents(Member member, HostedServer server) {
        var over = Consents.over(member);
        if (!over.isEmpty()) {
            server.consentsAreOver(over.stream().map(LedgerClaim::database).toList());
            over.forEach(row -> member.consentIsOver(row.identity().uid()));
        }
    }

    /** Sizes are figures: that they cannot be had now keeps nothing from going on. */
    private void measure(Member member, HostedServer server) {
        if (member.measuredSince(clock.instant().minus(settings.measureInterval()))) {
            return;
        }
        try {
            fleet.measured(member, server.databaseSizes(), clock.instant());
            if (server.lookAtExtensions()) {
                fleet.changed(member);
            }
        } catch (SqlFailure e) {
            LOG.warn("the databases of server {} were not measured: {}", member.name(), e.explanation());
        }
    }

    /** Of a server that nobody has to close yet but this. */
    private static List<Entry> ledger(HostedServer server) {
        try {
            return server.readLedger();
        } catch (SqlFailure | ServerRefused e) {
            server.close();
            throw e;
        }
    }

    private Access.Known access(PostgresServer resource) {
        var secrets = client.secrets().inNamespace(settings.namespace());
        return switch (ExternalServer.access(
                resource, name -> Optional.ofNullable(secrets.withName(name).get()))) {
            case Access.Known known -> known;
            case Access.Missing missing ->
                throw new ServerRefused(Reason.AuthenticationFailed, missing.message(), null);
        };
    }

    private HostedServer connect(Member member, ConnectionTarget target, AppEndpoint endpoint) {
        var server = open(member, target);
        member.opened(
                server, endpoint, ledger(server).stream().map(Entry::claim).toList());
        return server;
    }

    private HostedServer open(Member member, ConnectionTarget target) {
        member.open().ifPresent(old -> member.refused(Reason.Unreachable, "it is being opened anew", false));
        // A process that was asleep while another took over must not take the fence back.
        var term = leadership
                .term()
                .get()
                .orElseThrow(() -> new ServerRefused(
                        Reason.Unreachable, "this process does not hold the Lease; the one that does goes on", null));
        var resource = member.resource();
        var status = resource.getStatus();
        var server = ServerOpening.open(
                target,
                new Expectation(
                        leadership.installation(),
                        leadership.holder(),
                        term,
                        status == null ? null : status.systemIdentifier(),
                        resource.getSpec().acceptedSystemIdentifier(),
                        member.position().epoch(),
                        Math.max(
                                member.position().settled(),
                                status == null || status.ledgerPosition() == null ? 0 : status.ledgerPosition()),
                        Consents.recovers(resource, clock.instant()),
                        ledger -> fleet.serve(ledger, member).map(Fleet::twinOf).orElse(null)),
                clock,
                member.traffic());
        var twin = fleet.serve(server.identity().ledger(), member);
        if (twin.isPresent()) {
            server.close();
            throw ServerRefused.foreign(Reason.ServerIdentityChanged, Fleet.twinOf(twin.get()));
        }
        if (server.identity().recoveredFrom() != null) {
            events.normal(
                    resource,
                    Reason.Restored,
                    "took over the ledger of installation %s: its databases are given to the claims of the same namespace and name until `spec.recovery.untilTime`"
                            .formatted(server.identity().recoveredFrom()));
        }
        if (server.identity().upgradedFrom() != null) {
            events.normal(
                    resource,
                    Reason.Updated,
                    "upgraded from PostgreSQL %d to %s; the ledger came along"
                            .formatted(server.identity().upgradedFrom(), server.version()));
        }
        return server;
    }

    /** {@code refused}: the admin may not do away with them, though it should. */
    private record Weak(List<String> named, boolean refused) {}

    private static Weak harden(PostgresServer resource, HostedServer server) {
        var found = server.weaknesses();
        if (resource.getSpec().hardening() == Hardening.Apply
                && found.openDatabases().stream().anyMatch(List.of("postgres", "template1")::contains)) {
            try {
                server.harden();
                found = server.weaknesses();
            } catch (SqlFailure e) {
                var all = describe(found);
                all.add("postgres and template1 could not be closed: " + e.explanation()
                        + "; run REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC as their owner");
                // What passes by itself, such as a lock that somebody holds, is no want of rights.
                return new Weak(all, e.kind() == SqlFailure.Kind.NeedsAction);
            }
        }
        return new Weak(describe(found), false);
    }

    private static List<String> describe(HostedServer.Weaknesses found) {
        var all = new ArrayList<String>();
        found.openDatabases()
                .forEach(database ->
                        all.add("anybody may connect to database \"" + database + "\" (CONNECT for PUBLIC)"));
        all.addAll(found.others());
        return all;
    }

    private ServerReport.Found found(HostedServer server, Weak weaknesses) {
        var extensions = server.facts().extensions().byName().values().stream()
                .sorted(Comparator.comparing(e -> e.name()))
                .limit(LISTED_EXTENSIONS)
                .map(e -> new AvailableExtension(
                        e.name(), e.versions().stream().limit(LISTED_VERSIONS).toList(), e.trusted()))
                .toList();
        return new ServerReport.Found(
                server.version(),
                server.identity().systemIdentifier(),
                leadership.installation(),
                new Capabilities(
                        server.facts().superuser(),
                        server.facts().superuser()
                                ? null
                                : server.facts().settableParameters().stream()
                                        .sorted()
                                        .limit(LISTED_PARAMETERS)
                                        .toList(),
                        !server.facts().superuser()
                                        && server.facts().extensions().untrustedToo()
                                ? Boolean.TRUE
                                : null,
                        server.mayEndSessions()),
                extensions,
                weaknesses.named(),
                weaknesses.refused());
    }

    /** In time for the next database that is due, and otherwise at the usual interval. */
    private Instant nextVisit(List<Entry> ledger) {
        var usual = clock.instant().plus(settings.sweepInterval());
        return ledger.stream()
                .map(entry -> entry.claim().dropAfter())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(due -> due.plus(SOON))
                .map(due -> due.isBefore(clock.instant()) ? clock.instant().plus(LONGEST_RETRY) : due)
                .filter(due -> due.isBefore(usual))
                .orElse(usual);
    }

    /** The number of orphans a DBA allows to be closed at once, {@code null} without a word on it. */
    static @Nullable Integer allowedOrphans(PostgresServer resource) {
        var annotations = resource.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(Howdah.CLOSE_ORPHANS);
        return text == null || !text.matches("\\d{1,6}") ? null : Integer.valueOf(text);
    }
}
