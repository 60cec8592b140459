// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.howdah.testenv.ControlPlaneSource.Build;
import dev.howdah.testenv.ControlPlaneSource.Cached;
import dev.howdah.testenv.ControlPlaneSource.Download;
import dev.howdah.testenv.ControlPlaneSource.GivenBinaries;
import dev.howdah.testenv.ControlPlaneSource.HandedOver;
import dev.howdah.testenv.ControlPlaneSource.Machine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ControlPlaneSourceTest {
    private static final Path HOME = Path.of("/home/somebody");
    private static final Path CACHED = Path.of("/cache/controlplane");
    private static final GoVersion NEEDED = new GoVersion(1, 26, 0);
    private static final GoToolchain NEW_GO = new GoToolchain(Path.of("/go/bin/go"), new GoVersion(1, 26, 8));
    private static final GoToolchain OLD_GO = new GoToolchain(Path.of("/go/bin/go"), new GoVersion(1, 25, 9));

    @Test
    void theOwnKubeconfigVariableIsTheOnlySourceWhenItIsSet() {
        assertEquals(
                List.of(new HandedOver(Path.of("/k"), "HOWDAH_TEST_KUBECONFIG")),
                order(Map.of("HOWDAH_TEST_KUBECONFIG", "/k", "KUBECONFIG", "/other", "KUBEBUILDER_ASSETS", "/bin")));
    }

    @Test
    void anExplicitKubeconfigComesBeforeGivenBinaries() {
        assertEquals(
                List.of(new HandedOver(Path.of("/other"), "KUBECONFIG")),
                order(Map.of("KUBECONFIG", "/other", "KUBEBUILDER_ASSETS", "/bin")));
    }

    @Test
    void theUsersDefaultKubeconfigIsNeverUsed() {
        for (String own : List.of("/home/somebody/.kube/config", "/home/somebody/x/../.kube/config")) {
            assertEquals(
                    List.of(new Cached(CACHED), new Build(NEW_GO), new Download()),
                    order(Map.of("KUBECONFIG", own)),
                    own);
        }
    }

    @Test
    void givenBinariesAreTheOnlySourceWhenTheyAreSet() {
        assertEquals(List.of(new GivenBinaries(Path.of("/bin"))), order(Map.of("KUBEBUILDER_ASSETS", "/bin")));
    }

    @Test
    void theCacheComesBeforeABuildAndTheDownloadIsLast() {
        assertEquals(List.of(new Cached(CACHED), new Build(NEW_GO), new Download()), order(Map.of()));
    }

    @Test
    void withoutAGoThatIsNewEnoughOnlyTheDownloadIsLeft() {
        for (Optional<GoToolchain> go : List.of(Optional.<GoToolchain>empty(), Optional.of(OLD_GO))) {
            var machine = new Machine(Map.of("KUBECONFIG", " "), HOME, Optional.empty(), go, NEEDED);
            assertEquals(List.of(new Download()), ControlPlaneSource.inOrder(machine));
        }
    }

    private static List<ControlPlaneSource> order(Map<String, String> environment) {
        return ControlPlaneSource.inOrder(
                new Machine(environment, HOME, Optional.of(CACHED), Optional.of(NEW_GO), NEEDED));
    }

    @Test
    void anExportedKubeconfigIsTakenForAClusterOnThisMachineOnly() {
        var exported = new HandedOver(Path.of("/k"), "KUBECONFIG");
        assertEquals(java.util.Optional.empty(), exported.refusal("https://127.0.0.1:6443/"));
        assertEquals(java.util.Optional.empty(), exported.refusal("https://[::1]:6443/"));
        org.junit.jupiter.api.Assertions.assertTrue(
                exported.refusal("https://prod.example.com:6443/").orElseThrow().contains("HOWDAH_TEST_KUBECONFIG"));
        assertEquals(
                java.util.Optional.empty(),
                new HandedOver(Path.of("/k"), "HOWDAH_TEST_KUBECONFIG").refusal("https://prod.example.com:6443/"));
    }
}
