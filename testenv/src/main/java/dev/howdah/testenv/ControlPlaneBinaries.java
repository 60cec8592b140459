// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import io.fabric8.kubeapitest.binary.BinaryDownloader;
import io.fabric8.kubeapitest.binary.OSInfo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A folder with the programs of a control plane. */
record ControlPlaneBinaries(Path folder) {
    static final List<String> NAMES = List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

    private static final int INDEX_SECONDS = 10;
    private static final int DOWNLOAD_SECONDS = 300;

    Path etcd() {
        return folder.resolve("etcd");
    }

    Path apiServer() {
        return folder.resolve("kube-apiserver");
    }

    Path kubectl() {
        return folder.resolve("kubectl");
    }

    /** Missing among the binaries that envtest and its relatives ship. */
    Optional<Path> controllerManager() {
        return Optional.of(folder.resolve("kube-controller-manager")).filter(Files::isExecutable);
    }

    static ControlPlaneBinaries given(Path folder) {
        for (String name : List.of("etcd", "kube-apiserver", "kubectl")) {
            if (!Files.isExecutable(folder.resolve(name))) {
                throw new UnavailableException("KUBEBUILDER_ASSETS is " + folder + ", which has no executable " + name
                        + ". Name a folder with etcd, kube-apiserver and kubectl, or unset the variable.");
            }
        }
        return new ControlPlaneBinaries(folder);
    }

    static ControlPlaneBinaries built(GoToolchain toolchain, GoModule module, CacheDirectory cache, Progress progress) {
        return new ControlPlaneBinaries(cache.filled(cacheName(module), progress, folder -> {
            toolchain.build(module, folder, progress);
            for (String name : NAMES) {
                Files.createSymbolicLink(folder.resolve(name), Path.of(GoToolchain.BINARY));
            }
        }));
    }

    static String cacheName(GoModule module) {
        return module.cacheName(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /**
     * What fabric8's kube-api-test downloads, by its downloader alone: its other classes read environment variables
     * whose values they then fail to convert.
     */
    static ControlPlaneBinaries downloaded(GoModule module, CacheDirectory cache) {
        try {
            Path folder = Files.createDirectories(cache.folder("kube-api-test"));
            var downloader = new BinaryDownloader(folder.toString(), new OSInfo());
            String version = within(
                    INDEX_SECONDS,
                    () -> downloader.findLatestOfWildcard(module.kubernetesMinor()),
                    "index of versions");
            File binaries = within(DOWNLOAD_SECONDS, () -> downloader.download(version), "archive " + version);
            return given(binaries.toPath());
        } catch (IOException e) {
            throw new UnavailableException("no download: " + e.getMessage(), e);
        }
    }

    private static <T> T within(int seconds, Supplier<T> work, String what) {
        var answer = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().name("testenv-download").start(() -> {
            try {
                answer.complete(work.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UnavailableException("the " + what + " did not come within " + seconds + " s", e);
        } catch (ExecutionException e) {
            throw new UnavailableException("the " + what + " cannot be fetched: " + UnavailableException.root(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }
}
