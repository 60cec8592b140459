// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a control plane can come from. */
sealed interface ControlPlaneSource {
    /** A cluster that somebody handed over by this environment variable. */
    record HandedOver(Path kubeconfig, String variable) implements ControlPlaneSource {
        private static final String UNMISTAKABLE = "HOWDAH_TEST_KUBECONFIG";
        static final Set<String> VARIABLES = Set.of(UNMISTAKABLE, "KUBECONFIG");
        private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

        /**
         * Why this cluster is not used. An exported {@code KUBECONFIG} is often somebody's production, so it is taken at
         * its word only for a cluster on this machine.
         */
        Optional<String> refusal(String server) {
            var host = URI.create(server).getHost();
            return variable.equals(UNMISTAKABLE) || (host != null && LOOPBACK.contains(host))
                    ? Optional.empty()
                    : Optional.of(variable + " names " + server + ", which is not on this machine, and tests create and"
                            + " delete namespaces. If it is a cluster for tests, say " + UNMISTAKABLE + "=" + kubeconfig
                            + "; else unset " + variable + ".");
        }
    }

    /** A folder with {@code etcd}, {@code kube-apiserver} and {@code kubectl}, from {@code KUBEBUILDER_ASSETS}. */
    record GivenBinaries(Path folder) implements ControlPlaneSource {}

    /** Our own build of an earlier time. */
    record Cached(Path folder) implements ControlPlaneSource {}

    /** A build of the Go module. */
    record Build(GoToolchain toolchain) implements ControlPlaneSource {}

    /** The binaries that fabric8's kube-api-test downloads. */
    record Download() implements ControlPlaneSource {}

    /** What is known about this machine before anything is tried. */
    record Machine(
            Map<String, String> environment,
            Path home,
            Optional<Path> cachedFolder,
            Optional<GoToolchain> toolchain,
            GoVersion neededGo) {
        public Machine {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * The sources to try, best first.
     *
     * <p>What a person set explicitly is the only source then: falling through to another one would test something else
     * than they asked for. The user's default kubeconfig is never used, not even when {@code KUBECONFIG} names it:
     * tests create and delete namespaces, and a current context is easily somebody's production.
     *
     * <p>A build comes before the download although it takes minutes and the download seconds: the downloaded archive
     * has no kube-controller-manager, so namespaces are never deleted and owner references are never collected there,
     * and the download comes from a place that many networks do not reach.
     */
    static List<ControlPlaneSource> inOrder(Machine machine) {
        var environment = machine.environment();
        String handedOver = environment.getOrDefault(HandedOver.UNMISTAKABLE, "");
        if (!handedOver.isBlank()) {
            return List.of(new HandedOver(Path.of(handedOver), HandedOver.UNMISTAKABLE));
        }
        String kubeconfig = environment.getOrDefault("KUBECONFIG", "");
        Path usersOwn = machine.home().resolve(".kube").resolve("config");
        if (!kubeconfig.isBlank()
                && !Path.of(kubeconfig).toAbsolutePath().normalize().equals(usersOwn)) {
            return List.of(new HandedOver(Path.of(kubeconfig), "KUBECONFIG"));
        }
        String assets = environment.getOrDefault("KUBEBUILDER_ASSETS", "");
        if (!assets.isBlank()) {
            return List.of(new GivenBinaries(Path.of(assets)));
        }
        var sources = new ArrayList<ControlPlaneSource>();
        machine.cachedFolder().ifPresent(folder -> sources.add(new Cached(folder)));
        machine.toolchain()
                .filter(go -> go.version().compareTo(machine.neededGo()) >= 0)
                .ifPresent(go -> sources.add(new Build(go)));
        sources.add(new Download());
        return List.copyOf(sources);
    }
}
