// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GoModuleTest {
    private static final Map<String, String> FILES = Map.of(
            "go.mod",
            "module x\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/kubectl v0.36.3\n\tk8s.io/kubernetes v1.36.3\n)\n",
            "go.sum",
            "sums\n",
            "main.go",
            "package main\n");

    @Test
    void everyFileAndThePlatformAreInTheCacheName() {
        String name = new GoModule(FILES).cacheName("Linux", "amd64");
        assertEquals(name, new GoModule(new HashMap<>(FILES)).cacheName("Linux", "amd64"));
        assertNotEquals(name, new GoModule(FILES).cacheName("Linux", "aarch64"));
        assertNotEquals(name, new GoModule(FILES).cacheName("Mac OS X", "amd64"));
        for (String file : FILES.keySet()) {
            var changed = new HashMap<>(FILES);
            changed.merge(file, "\n", String::concat);
            assertNotEquals(name, new GoModule(changed).cacheName("Linux", "amd64"), file);
        }
    }

    @Test
    void theVersionsComeFromGoMod() {
        var module = new GoModule(FILES);
        assertEquals(new GoVersion(1, 26, 0), module.neededGo());
        assertEquals("1.36.*", module.kubernetesMinor());
        assertTrue(
                module.linkerFlags()
                        .contains("-X k8s.io/component-base/version.gitVersion=v1.36.3"
                                + " -X k8s.io/component-base/version.gitMajor=1"
                                + " -X k8s.io/component-base/version.gitMinor=36"),
                module.linkerFlags());
    }

    @Test
    void theModuleInTheJarIsWhole() {
        var module = GoModule.ofThisJar();
        assertEquals(FILES.keySet(), module.files().keySet());
        assertEquals("1.36.*", module.kubernetesMinor());
    }

    @Test
    void versionsAreComparedByNumber() {
        assertEquals(Optional.of(new GoVersion(1, 26, 8)), GoVersion.in("go version go1.26.8 linux/amd64"));
        assertEquals(Optional.of(new GoVersion(1, 27, 0)), GoVersion.in("go version go1.27rc1 linux/amd64"));
        assertEquals(Optional.empty(), GoVersion.in("gccgo"));
        assertTrue(new GoVersion(1, 9, 9).compareTo(new GoVersion(1, 26, 0)) < 0);
        assertTrue(new GoVersion(2, 0, 0).compareTo(new GoVersion(1, 26, 8)) > 0);
    }
}
