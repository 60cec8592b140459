// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.ServerInspection.ServerJson;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The way to a {@link HostedServer}: who is it, is it ours, may we write. Changes nothing until all that is known. */
public final class ServerOpening {
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NOT_ALLOWED = "42501";
    private static final String NO_SUCH_TABLE = "42P01";
    private static final String NO_SUCH_SCHEMA = "3F000";
    private static final String OPENING = "howdah opening";

    private static final String OWNER =
            "SELECT ledger || ' ' || installation || ' ' || system_identifier || ' ' || major_version || ' '"
                    + " || schema_version || ' ' || admin_role FROM howdah.server";

    private final ConnectionTarget target;
    private final Expectation expectation;
    private final InstantSource clock;
    private final SqlTraffic traffic;

    private ServerOpening(ConnectionTarget target, Expectation expectation, InstantSource clock, SqlTraffic traffic) {
        this.target = target;
        this.expectation = expectation;
        this.clock = clock;
        this.traffic = traffic;
    }

    /**
     * What is known of the server beforehand.
     *
     * @param installation this cluster's identity
     * @param holder this process's identity
     * @param leaseTransitions of the leader election's Lease
     * @param systemIdentifier as last seen, {@code null} the first time
     * @param acceptedSystemIdentifier a DBA's consent to another one, or to an earlier state of the same
     * @param lastEpoch the highest this process saw in the ledger, 0 the first time
     * @param lastPosition how far the ledger's journal was seen to have come, by any process; 0 the first time
     * @param recovers the lost installation whose ledger may be taken over now, {@code null} for none
     * @param servedBy the other server object that serves a ledger, if one does; asked before anything is written
     */
    public record Expectation(
            String installation,
            String holder,
            long leaseTransitions,
            @Nullable String systemIdentifier,
            @Nullable String acceptedSystemIdentifier,
            long lastEpoch,
            long lastPosition,
            @Nullable String recovers,
            UnaryOperator<@Nullable String> servedBy) {

        /** Of a server nothing more is known of. */
        public Expectation(
                String installation,
                String holder,
                long leaseTransitions,
                @Nullable String systemIdentifier,
                @Nullable String acceptedSystemIdentifier,
                long lastEpoch) {
            this(
                    installation,
                    holder,
                    leaseTransitions,
                    systemIdentifier,
                    acceptedSystemIdentifier,
                    lastEpoch,
                    0,
                    null,
                    ledger -> null);
        }

        boolean accepts(String found) {
            return systemIdentifier == null || systemIdentifier.equals(found) || consents(found);
        }

        boolean consents(String found) {
            return found.equals(acceptedSystemIdentifier);
        }
    }

    /** The ledger's own line about its server. */
    private record Owner(
            String ledger, String installation, String systemIdentifier, int major, int schemaVersion, String admin) {
        static Owner parse(String line) {
            var words = line.split(" ", 6);
            return new Owner(
                    words[0], words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]), words[5]);
        }
    }

    /**
     * Opens a server.
     *
     * @param traffic where what is sent there is counted, now and as long as it is open
     * @throws ServerRefused with the reason why it cannot be used now
     */
    public static HostedServer open(
            ConnectionTarget target, Expectation expectation, InstantSource clock, SqlTraffic traffic) {
        try {
            return new ServerOpening(target, expectation, clock, traffic).open();
        } catch (SQLException e) {
            if (e.getMessage() != null && e.getMessage().contains(SqlFailure.FENCED_OUT)) {
                throw new ServerRefused(
                        Reason.Unreachable, "another operator process has taken over; waiting for it", e);
            }
            if (NOT_ALLOWED.equals(e.getSQLState())) {
                throw new ServerRefused(
                        Reason.InsufficientPrivilege,
                        "the admin \"%s\" may not do what it has to (%s); see the grants in the documentation"
                                .formatted(target.user(), SqlFailure.serverMessage(e)),
                        e);
            }
            throw Connections.refusal(target, e);
        } catch (SqlFailure e) {
            throw new ServerRefused(Reason.InsufficientPrivilege, "the server cannot be opened: " + e.explanation(), e);
        }
    }

    private HostedServer open() throws SQLException {
        try (var connection = connectToLedger()) {
            var owner = owner(connection);
            var recovered = owner != null && !owner.installation().equals(expectation.installation());
            if (owner != null && recovered && !owner.installation().equals(expectation.recovers())) {
                throw ServerRefused.foreign(
                        Reason.OwnedByAnotherInstallation,
                        "the ledger on %s:%d belongs to another cluster (installation %s, this one is %s); nothing is touched. Use another server. If that cluster is lost, `spec.recovery: {installation: %s, untilTime: …}` takes over its databases"
                                .formatted(
                                        target.host(),
                                        target.port(),
                                        owner.installation(),
                                        expectation.installation(),
                                        owner.installation()));
            }
            var server = inspect(connection);
            checkIdentity(server, owner);
            if (owner != null) {
                checkTwin(owner);
                checkState(connection, server);
            }
            owner = migrate(connection, owner == null ? found(connection, server) : owner);
            var epoch = Fence.take(connection, expectation.holder(), expectation.leaseTransitions());
            recordServer(connection, server, owner);
            if (recovered) {
                Batches.run(connection, LedgerSql.recover(owner.installation(), expectation.installation()));
            }
            var extensions = ServerInspection.offer(
                    Batches.ask(connection, ServerInspection.EXTENSIONS), server.untrustedExtensions());
            var upgradedFrom = server.majorVersion() > owner.major() ? Integer.valueOf(owner.major()) : null;
            var identity = new HostedServer.Identity(
                    owner.ledger(),
                    server.systemIdentifier(),
                    epoch,
                    upgradedFrom,
                    recovered ? owner.installation() : null);
            return new HostedServer(target, server, identity, extensions, clock, traffic);
        }
    }

    private Session connect(String database) throws SQLException {
        var connection = Connections.admin(target, database, OPENING, Connections.Admin.UNKNOWN);
        traffic.opened();
        return new Session(connection, traffic, clock);
    }

    private Session connectToLedger() throws SQLException {
        try {
            return connect(LedgerSql.DATABASE);
        } catch (SQLException e) {
            if (NOT_ALLOWED.equals(e.getSQLState())) {
                throw anotherAdmin(e);
            }
            if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
                throw e;
            }
        }
        createLedgerDatabase();
        return connect(LedgerSql.DATABASE);
    }

    /** The ledger's database lets in nobody but its owner. */
    private ServerRefused anotherAdmin(SQLException e) {
        return new ServerRefused(
                Reason.AdminRoleChanged,
                "the database \"howdah\" on %s:%d does not let in the admin \"%s\" (%s): it was made by another one. Go back to that admin, or let \"%s\" be superuser"
                        .formatted(
                                target.host(),
                                target.port(),
                                target.user(),
                                SqlFailure.serverMessage(e),
                                target.user()),
                e);
    }

    private void createLedgerDatabase() throws SQLException {
        try (var connection = connect(target.adminDatabase())) {
            var server = inspect(connection);
            if (expectation.systemIdentifier() != null && !expectation.consents(server.systemIdentifier())) {
                throw identityChanged(
                        server,
                        "the server at %s:%d had a ledger (database \"howdah\") and now has none"
                                .formatted(target.host(), target.port()));
            }
            Batches.run(
                    connection,
                    "CREATE DATABASE " + LedgerSql.DATABASE + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
                            + " CONNECTION LIMIT -1",
                    java.time.Duration.ofMinutes(2),
                    java.util.List.of());
        }
    }

    private static @Nullable Owner owner(Session connection) throws SQLException {
        try {
            var line = Batches.run(connection, OWNER);
            return line == null ? null : Owner.parse(line);
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState()) || NO_SUCH_SCHEMA.equals(e.getSQLState())) {
                return null;
            }
            throw e;
        }
    }

    private ServerJson inspect(Session connection) throws SQLException {
        var server = Json.read(Batches.ask(connection, ServerInspection.SERVER), ServerJson.class);
        ServerInspection.require(server, target);
        return server;
    }

    private void checkIdentity(ServerJson server, @Nullable Owner owner) {
        if (owner == null) {
            if (expectation.systemIdentifier() != null && !expectation.consents(server.systemIdentifier())) {
                throw identityChanged(
                        server, "there is no ledger of ours at %s:%d any more".formatted(target.host(), target.port()));
            }
            return;
        }
        var same = owner.systemIdentifier().equals(server.systemIdentifier());
        var upgraded = server.majorVersion() > owner.major();
        var consented = expectation.consents(server.systemIdentifier());
        if (!same && !upgraded && !consented) {
            throw identityChanged(
                    server,
                    "the ledger on %s:%d was kept by the server with system identifier %s"
                            .formatted(target.host(), target.port(), owner.systemIdentifier()));
        }
        if (!upgraded && !expectation.accepts(server.systemIdentifier())) {
            throw identityChanged(server, "another server answers at %s:%d".formatted(target.host(), target.port()));
        }
        if (!owner.admin().equals(target.user()) && !server.superuser()) {
            throw new ServerRefused(
                    Reason.AdminRoleChanged,
                    "the databases here were made by the admin \"%s\", and \"%s\" has no rights on them; go back to it, or GRANT %s TO %s as a superuser and make the new admin superuser once"
                            .formatted(
                                    owner.admin(),
                                    target.user(),
                                    Quoting.identifier(owner.admin()),
                                    Quoting.identifier(target.user())),
                    null);
        }
    }

    /** A copy of a server that is served already stays as it is. */
    private void checkTwin(Owner owner) {
        var other = expectation.servedBy().apply(owner.ledger());
        if (other != null) {
            throw ServerRefused.foreign(Reason.ServerIdentityChanged, other);
        }
    }

    /**
     * A ledger that went back was restored to an earlier time, and does not know what was done since. Its epoch tells, and
     * within one epoch how far its journal has come: that only grows, whatever is pruned.
     */
    private void checkState(Session connection, ServerJson server) throws SQLException {
        if (expectation.consents(server.systemIdentifier())
                || (expectation.lastEpoch() == 0 && expectation.lastPosition() == 0)) {
            return;
        }
        var state = Batches.ask(connection, "SELECT epoch || ' ' || " + LedgerSql.POSITION + " FROM howdah.fence")
                .split(" ", 2);
        var position = Long.parseLong(state[1]);
        if (position < expectation.lastPosition()) {
            throw identityChanged(
                    server,
                    "the ledger on %s:%d went back from journal entry %d to %d: the server was restored to an earlier time"
                            .formatted(target.host(), target.port(), expectation.lastPosition(), position));
        }
        var epoch = Long.parseLong(state[0]);
        if (epoch < expectation.lastEpoch()) {
            throw identityChanged(
                    server,
                    "the ledger on %s:%d went back from epoch %d to %d: the server was restored to an earlier time"
                            .formatted(target.host(), target.port(), expectation.lastEpoch(), epoch));
        }
    }

    private ServerRefused identityChanged(ServerJson server, String what) {
        return new ServerRefused(
                Reason.ServerIdentityChanged,
                "%s; %s. Nothing is written until `spec.acceptedSystemIdentifier` is \"%s\""
                        .formatted(what, compared(server.systemIdentifier()), server.systemIdentifier()),
                null);
    }

    private String compared(String identifier) {
        if (identifier.equals(expectation.systemIdentifier())) {
            return "the server is the same as before, with system identifier %s, and only its ledger is not"
                    .formatted(identifier);
        }
        return expectation.systemIdentifier() == null
                ? "its system identifier is " + identifier
                : "its system identifier is %s, it was %s".formatted(identifier, expectation.systemIdentifier());
    }

    /** A database of our name without our tables: made by us a moment ago, or somebody else's. */
    private Owner found(Session connection, ServerJson server) throws SQLException {
        var foreign = Batches.run(
                connection,
                "SELECT string_agg(what, ', ') FROM (SELECT 'owned by ' || pg_get_userbyid(datdba) AS what"
                        + " FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) <> session_user"
                        + " UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'"
                        + " AND nspname NOT IN ('information_schema', 'public')) AS found");
        if (foreign != null) {
            throw ServerRefused.foreign(
                    Reason.DatabaseConflict,
                    "there is a database \"howdah\" on %s:%d that is not a ledger of ours (%s); it was left untouched. Rename it, or use another server"
                            .formatted(target.host(), target.port(), foreign));
        }
        return new Owner(
                "", expectation.installation(), server.systemIdentifier(), server.majorVersion(), 0, target.user());
    }

    /** Brings the ledger up to date, or makes it: closed to PUBLIC and with its UUID, or not at all. */
    private static Owner migrate(Session connection, Owner owner) throws SQLException {
        if (owner.schemaVersion() > LedgerSql.SCHEMA_VERSION) {
            throw new ServerRefused(
                    Reason.UnsupportedVersion,
                    "the ledger was written by a newer Howdah (schema %d, this one knows %d); install that version"
                            .formatted(owner.schemaVersion(), LedgerSql.SCHEMA_VERSION),
                    null);
        }
        var ledger = owner.ledger();
        for (int version = owner.schemaVersion(); version < LedgerSql.SCHEMA_VERSION; version++) {
            var claimIt = version == 0
                    ? Maintenance.journalPartitions() + "; REVOKE ALL ON DATABASE " + LedgerSql.DATABASE
                            + " FROM PUBLIC; INSERT INTO howdah.server"
                            + " (ledger, installation, system_identifier, major_version, admin_role, schema_version)"
                            + " VALUES (gen_random_uuid(), " + Quoting.literal(owner.installation()) + ", "
                            + Quoting.literal(owner.systemIdentifier()) + ", " + owner.major() + ", "
                            + Quoting.literal(owner.admin()) + ", 1)"
                    : "UPDATE howdah.server SET schema_version = " + (version + 1);
            ledger = Batches.ask(connection, LedgerSql.MIGRATIONS.get(version) + claimIt + " RETURNING ledger");
        }
        return new Owner(
                ledger,
                owner.installation(),
                owner.systemIdentifier(),
                owner.major(),
                LedgerSql.SCHEMA_VERSION,
                owner.admin());
    }

    /** Keeps up with an upgrade, a consented new identity or a new admin. Writes nothing when nothing changed. */
    private void recordServer(Session connection, ServerJson server, Owner owner) throws SQLException {
        if (!owner.systemIdentifier().equals(server.systemIdentifier())
                || owner.major() != server.majorVersion()
                || !owner.admin().equals(target.user())) {
            Batches.run(
                    connection,
                    "UPDATE howdah.server SET system_identifier = " + Quoting.literal(server.systemIdentifier())
                            + ", major_version = " + server.majorVersion() + ", admin_role = "
                            + Quoting.literal(target.user()));
        }
    }
}
