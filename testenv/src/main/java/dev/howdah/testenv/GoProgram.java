// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small program in Go of this repository, for what only a library in Go can tell. It is built when it is first asked for and
 * kept like the control plane, named by the hash of its sources.
 */
public final class GoProgram {
    private GoProgram() {}

    /**
     * The binary of the module in this folder, which has {@code go.mod}, {@code go.sum} and {@code main.go}.
     *
     * @return empty where this machine has neither the binary nor a Go that can build it; a line of progress says so
     * @throws UnavailableException when the build fails
     */
    public static Optional<Path> built(String name, Path sources, Progress progress) {
        var module = GoModule.in(sources);
        var cache = CacheDirectory.ofThisUser();
        var folder = module.cacheName(name, System.getProperty("os.name"), System.getProperty("os.arch"));
        if (Files.isDirectory(cache.folder(folder))) {
            return Optional.of(cache.folder(folder).resolve(name));
        }
        var go = GoToolchain.find().filter(found -> found.version().compareTo(module.neededGo()) >= 0);
        if (go.isEmpty()) {
            progress.line(
                    "no Go of " + module.neededGo() + " or newer on the PATH or in /usr/local/go to build " + name);
            return Optional.empty();
        }
        return Optional.of(cache.filled(folder, progress, into -> {
                    progress.line("building " + name + " with Go " + go.get().version() + ": once, then cached");
                    go.get().build(module, into, name);
                })
                .resolve(name));
    }
}
