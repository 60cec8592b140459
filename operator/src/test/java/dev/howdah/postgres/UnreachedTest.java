// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LoginTried;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class UnreachedTest {
    private static ConnectionTarget target(String host, int port) {
        return new ConnectionTarget(host, port, "postgres", "admin", "secret", SslMode.DISABLE, null);
    }

    private static SQLException failed(IOException cause) {
        return new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause);
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(
                        failed(new UnknownHostException("pg.nowhere")),
                        "the host name \"pg.nowhere\" does not resolve"),
                Arguments.of(
                        failed(new SocketTimeoutException("Connect timed out")),
                        "no answer in time; a firewall or network policy may be in the way"),
                Arguments.of(
                        new PSQLException("Connection attempt timed out.", PSQLState.CONNECTION_UNABLE_TO_CONNECT),
                        "no answer in time; a firewall or network policy may be in the way"),
                Arguments.of(
                        failed(new ConnectException("Connection refused")),
                        "the connection was refused: nothing listens on port 5432"),
                Arguments.of(failed(new NoRouteToHostException("No route to host")), "there is no route to it"),
                Arguments.of(failed(new EOFException()), "the connection was closed before anything was said"),
                Arguments.of(
                        failed(new SocketException("Network is unreachable")),
                        "The connection attempt failed: Network is unreachable"),
                Arguments.of(
                        new PSQLException("Something else.\nMore of it.", PSQLState.CONNECTION_UNABLE_TO_CONNECT),
                        "Something else"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void what_the_network_says_is_said_plainly(SQLException e, String why) {
        var refusal = Connections.refusal(target("pg.nowhere", 5432), e);
        assertThat(refusal.reason()).isEqualTo(Reason.Unreachable);
        assertThat(refusal.explanation())
                .isEqualTo("pg.nowhere:5432 cannot be reached: " + why
                        + "; check `spec.external`, the network and that PostgreSQL is running");
    }

    @Test
    void a_port_where_nothing_listens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(LoginTrial.of(target("127.0.0.1", port), "orders", "app", "secret"))
                .isEqualTo(new LoginTried.Unreachable("the connection was refused: nothing listens on port " + port));
    }

    @Test
    void a_name_that_does_not_resolve() {
        assertThat(LoginTrial.of(target("pg.invalid", 5432), "orders", "app", "secret"))
                .isEqualTo(new LoginTried.Unreachable("the host name \"pg.invalid\" does not resolve"));
    }
}
