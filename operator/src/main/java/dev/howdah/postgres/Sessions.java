// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.postgresql.Driver;

/**
 * The warm sessions of one server. All of them live in the ledger's database and hold a shared lock there, so that a new
 * leader can wait until the last one of the old is gone.
 */
final class Sessions implements AutoCloseable {
    /** Two claims at a time: CREATE DATABASE gains nothing from more. */
    static final int SIZE = 2;

    private static final String USER = "user";
    private static final String PASSWORD = "password";

    private final AgroalDataSource pool;
    private final SqlTraffic traffic;
    private final InstantSource clock;

    Sessions(ConnectionTarget target, Connections.Admin admin, long epoch, SqlTraffic traffic, InstantSource clock)
            throws SQLException {
        this.traffic = traffic;
        this.clock = clock;
        var properties = Connections.adminProperties(target, applicationName(epoch), admin);
        this.pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled()
                .connectionPoolConfiguration(sessions -> sessions.maxSize(SIZE)
                        .minSize(SIZE)
                        .acquisitionTimeout(Connections.CONNECT_TIMEOUT.plus(Duration.ofSeconds(5)))
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(factory -> {
                            factory.jdbcUrl(Connections.url(target, LedgerSql.DATABASE))
                                    .connectionProviderClass(Driver.class)
                                    .initialSql(Fence.share(epoch))
                                    .principal(new NamePrincipal(properties.getProperty(USER)))
                                    .credential(new SimplePassword(properties.getProperty(PASSWORD)));
                            properties.stringPropertyNames().stream()
                                    .filter(key -> !key.equals(USER) && !key.equals(PASSWORD))
                                    .forEach(key -> factory.jdbcProperty(key, properties.getProperty(key)));
                            return factory;
                        })));
    }

    static String applicationName(long epoch) {
        return "howdah/" + epoch;
    }

    Session borrow() {
        try {
            return new Session(pool.getConnection(), traffic, clock);
        } catch (SQLException e) {
            throw new ServerRefused(Reason.Unreachable, "no session to be had: " + e.getMessage(), e);
        }
    }

    long busy() {
        return pool.getMetrics().activeCount();
    }

    long free() {
        return pool.getMetrics().availableCount();
    }

    @Override
    public void close() {
        pool.close();
    }
}
