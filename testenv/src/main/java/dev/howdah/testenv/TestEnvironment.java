// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for tests, the demo and {@code ./howdah dev}: one control plane and one server of each kind for the
 * whole JVM, started when first asked for and ended with the JVM.
 *
 * <p>What runs is remembered in system properties, not in static fields: a {@code @QuarkusTest} loads this class a
 * second time in a class loader of its own and must find the same control plane.
 */
public final class TestEnvironment {
    private static final String KUBECONFIG = "howdah.testenv.kubeconfig";
    private static final String KUBECTL = "howdah.testenv.kubectl";
    private static final String POSTGRES = "howdah.testenv.postgres.";

    /** An interned string is the same object in every class loader, which a class is not. */
    private static final Object JVM_WIDE = "dev.howdah.testenv.TestEnvironment.lock".intern();

    private TestEnvironment() {}

    /** This JVM's control plane; closing the result does nothing. */
    public static ControlPlane controlPlane() {
        return controlPlane(Progress.onStandardError());
    }

    /** The same, saying elsewhere what takes long. */
    public static ControlPlane controlPlane(Progress progress) {
        synchronized (JVM_WIDE) {
            String kubeconfig = System.getProperty(KUBECONFIG);
            if (kubeconfig == null) {
                // Never closed: the watchdog's shutdown hook ends it with the JVM.
                var started = ControlPlane.start(progress);
                kubeconfig = started.kubeconfig().toString();
                if (started.hasKubectl()) {
                    System.setProperty(KUBECTL, started.kubectl().toString());
                }
                System.setProperty(KUBECONFIG, kubeconfig);
            }
            return ControlPlane.attached(Path.of(kubeconfig), path(System.getProperty(KUBECTL)));
        }
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    /** This JVM's server of the major version with the default options. */
    public static TestPostgres postgres(int major) {
        return postgres(PostgresOptions.major(major));
    }

    /**
     * This JVM's server with exactly these options. It is shared, so it cannot be stopped: tests of faults start their
     * own by {@link TestPostgres#start(PostgresOptions)}.
     */
    public static TestPostgres postgres(PostgresOptions options) {
        return postgres(options, Progress.onStandardError());
    }

    /** The same, saying elsewhere what takes long. */
    public static TestPostgres postgres(PostgresOptions options, Progress progress) {
        synchronized (JVM_WIDE) {
            String property = POSTGRES + options.key();
            String directory = System.getProperty(property);
            if (directory == null) {
                directory = TestPostgres.start(options, progress).directory().toString();
                System.setProperty(property, directory);
            }
            return TestPostgres.attached(options, Path.of(directory));
        }
    }
}
