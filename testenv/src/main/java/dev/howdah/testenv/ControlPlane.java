// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes API server with etcd and, but for some sources, a controller manager. It listens on the loopback
 * address, enforces RBAC, and is gone when it is closed or when this JVM ends in whatever way.
 *
 * <p>The source is the first that works, see {@link ControlPlaneSource#inOrder}.
 */
public final class ControlPlane implements AutoCloseable {
    private static final long TOKEN_SECONDS = 24 * 3600L;
    private static final int ANSWERS_WITHIN_MILLIS = 10_000;
    /** A busy machine is no failure. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Path kubeconfig;
    private final @Nullable Path kubectl;
    private final @Nullable Watchdog watchdog;

    private ControlPlane(Path kubeconfig, @Nullable Path kubectl, @Nullable Watchdog watchdog) {
        this.kubeconfig = kubeconfig;
        this.kubectl = kubectl;
        this.watchdog = watchdog;
    }

    /**
     * Returns once the API server is ready: in some seconds, after a build in some minutes.
     *
     * @throws UnavailableException with one line that says what is missing and how to get it
     */
    public static ControlPlane start(Progress progress) {
        return start(System.getenv(), progress);
    }

    /** The same, but never a cluster that was handed over: for the demo, and for tests that count or need an empty one. */
    public static ControlPlane startOwn(Progress progress) {
        var environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(ControlPlaneSource.HandedOver.VARIABLES);
        return start(environment, progress);
    }

    private static ControlPlane start(Map<String, String> environment, Progress progress) {
        var module = GoModule.ofThisJar();
        var cache = CacheDirectory.ofThisUser();
        var cached = Optional.of(cache.folder(ControlPlaneBinaries.cacheName(module)))
                .filter(Files::isDirectory);
        var machine = new ControlPlaneSource.Machine(
                environment,
                Path.of(System.getProperty("user.home")),
                cached,
                // Asking go for its version costs time that a warm start need not spend.
                cached.isPresent() ? Optional.empty() : GoToolchain.find(),
                module.neededGo());
        var failures = new ArrayList<String>();
        for (ControlPlaneSource source : ControlPlaneSource.inOrder(machine)) {
            try {
                return start(source, module, cache, progress);
            } catch (UnavailableException e) {
                if (source instanceof ControlPlaneSource.HandedOver
                        || source instanceof ControlPlaneSource.GivenBinaries) {
                    throw e;
                }
                failures.add(name(source) + ": " + e.getMessage());
                progress.line("no control plane from " + failures.getLast());
            }
        }
        throw new UnavailableException("No control plane can be had (" + String.join("; ", failures)
                + "). Install Go " + module.neededGo() + " or newer, or set KUBEBUILDER_ASSETS to a folder with etcd,"
                + " kube-apiserver and kubectl, or HOWDAH_TEST_KUBECONFIG to the kubeconfig of a cluster for tests.");
    }

    private static ControlPlane start(
            ControlPlaneSource source, GoModule module, CacheDirectory cache, Progress progress) {
        return switch (source) {
            case ControlPlaneSource.HandedOver handedOver -> handedOver(handedOver, cache, module, progress);
            case ControlPlaneSource.GivenBinaries(Path folder) ->
                run(ControlPlaneBinaries.given(folder), "KUBEBUILDER_ASSETS " + folder, progress);
            case ControlPlaneSource.Cached(Path folder) ->
                run(new ControlPlaneBinaries(folder), "the cache " + folder, progress);
            case ControlPlaneSource.Build(GoToolchain toolchain) -> {
                var built = ControlPlaneBinaries.built(toolchain, module, cache, progress);
                yield run(built, "the build in " + built.folder(), progress);
            }
            case ControlPlaneSource.Download _ -> {
                var downloaded = ControlPlaneBinaries.downloaded(module, cache);
                yield run(downloaded, "the download in " + downloaded.folder(), progress);
            }
        };
    }

    private static String name(ControlPlaneSource source) {
        return switch (source) {
            case ControlPlaneSource.HandedOver _ -> "a handed-over cluster";
            case ControlPlaneSource.GivenBinaries _ -> "given binaries";
            case ControlPlaneSource.Cached _ -> "the cache";
            case ControlPlaneSource.Build _ -> "a build";
            case ControlPlaneSource.Download _ -> "kube-api-test's download";
        };
    }

    private static ControlPlane run(ControlPlaneBinaries binaries, String from, Progress progress) {
        Instant begin = Instant.now();
        if (binaries.controllerManager().isEmpty()) {
            progress.line("no kube-controller-manager in " + binaries.folder()
                    + ": namespaces stay in Terminating and owner references are not collected in this control plane");
        }
        var watchdog = Watchdog.start();
        try {
            Path kubeconfig = ControlPlaneProcesses.start(binaries, watchdog);
            progress.line("control plane from " + from + ", ready after "
                    + Progress.span(Duration.between(begin, Instant.now())));
            return new ControlPlane(kubeconfig, binaries.kubectl(), watchdog);
        } catch (RuntimeException e) {
            watchdog.close();
            throw e;
        }
    }

    private static ControlPlane handedOver(
            ControlPlaneSource.HandedOver source, CacheDirectory cache, GoModule module, Progress progress) {
        if (!Files.isReadable(source.kubeconfig())) {
            throw new UnavailableException(source.variable() + " is " + source.kubeconfig()
                    + ", which is not a readable file. Name one kubeconfig, or unset the variable.");
        }
        var kubectl = SearchPath.of(System.getenv())
                .and(cache.folder(ControlPlaneBinaries.cacheName(module)))
                .find("kubectl");
        var controlPlane = new ControlPlane(source.kubeconfig().toAbsolutePath(), kubectl.orElse(null), null);
        var config = new ConfigBuilder(controlPlane.config(controlPlane.kubeconfig))
                .withConnectionTimeout(ANSWERS_WITHIN_MILLIS)
                .withRequestTimeout(ANSWERS_WITHIN_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .build();
        source.refusal(config.getMasterUrl()).ifPresent(why -> {
            throw new UnavailableException(why);
        });
        try (var client = builder().withConfig(config).build()) {
            progress.line("control plane handed over by " + source.variable() + "=" + source.kubeconfig() + ": "
                    + config.getMasterUrl() + ", "
                    + client.getKubernetesVersion().getGitVersion());
        } catch (KubernetesClientException e) {
            throw new UnavailableException(
                    "The cluster " + config.getMasterUrl() + " of " + source.variable() + "="
                            + source.kubeconfig() + " does not answer: " + UnavailableException.root(e)
                            + ". Start it, or unset the variable.",
                    e);
        }
        return controlPlane;
    }

    /** The same control plane, seen from another class loader; closing it does nothing. */
    static ControlPlane attached(Path kubeconfig, @Nullable Path kubectl) {
        return new ControlPlane(kubeconfig, kubectl, null);
    }

    /** The administrator's kubeconfig; private to this user where we made it. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** A {@code kubectl} of the same version where we have it, else the one on the PATH. */
    public Path kubectl() {
        if (kubectl == null) {
            throw new UnavailableException("No kubectl is on the PATH: install it, or put its folder on the PATH.");
        }
        return kubectl;
    }

    /** Whether there is one. */
    public boolean hasKubectl() {
        return kubectl != null;
    }

    /**
     * The kubeconfig of a persona.
     *
     * @throws UnavailableException on a handed-over cluster, which knows only its own users
     */
    public Path kubeconfigFor(Persona persona) {
        Path file = persona == Persona.ADMIN
                ? kubeconfig
                : kubeconfig.resolveSibling(ControlPlaneProcesses.fileName(persona));
        if (!Files.exists(file)) {
            throw new UnavailableException("The handed-over cluster does not know the user " + persona.user()
                    + ": unset HOWDAH_TEST_KUBECONFIG and KUBECONFIG for tests that need personas.");
        }
        return file;
    }

    /**
     * The kubeconfig of a ServiceAccount that exists, with a token of one day: the way to run the operator under the
     * very ClusterRole that ships. Works on every cluster. The file is removed with the JVM.
     */
    public Path kubeconfigFor(String namespace, String serviceAccount) {
        Config config = config(kubeconfig);
        try (KubernetesClient client = client()) {
            var request = client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(serviceAccount)
                    .tokenRequest(new TokenRequestBuilder()
                            .withNewSpec()
                            .withExpirationSeconds(TOKEN_SECONDS)
                            .endSpec()
                            .build());
            var user = "system:serviceaccount:" + namespace + ":" + serviceAccount;
            Path directory = PrivateFiles.directory("howdah-serviceaccount-");
            // Lives until the JVM ends, by the watchdog's own shutdown hook.
            Watchdog.start().removes(directory);
            return PrivateFiles.write(
                    directory.resolve("kubeconfig"),
                    new Kubeconfig(
                                    config.getMasterUrl(),
                                    authority(config),
                                    user,
                                    request.getStatus().getToken())
                            .yaml());
        } catch (IOException e) {
            throw new UnavailableException("The certificate authority in " + kubeconfig + " cannot be read", e);
        }
    }

    private static String authority(Config config) throws IOException {
        if (config.getCaCertData() != null) {
            return new String(Base64.getDecoder().decode(config.getCaCertData()), StandardCharsets.UTF_8);
        }
        return config.getCaCertFile() == null ? "" : Files.readString(Path.of(config.getCaCertFile()));
    }

    /** A new client of the administrator; whoever asks closes it. */
    public KubernetesClient client() {
        return client(kubeconfig);
    }

    /** A new client of the persona; whoever asks closes it. */
    public KubernetesClient client(Persona persona) {
        return client(kubeconfigFor(persona));
    }

    /** A client that tries again after a closed connection; the default one does not. */
    private static KubernetesClientBuilder builder() {
        return new KubernetesClientBuilder().withHttpClientFactory(new JdkHttpClientFactory() {
            @Override
            protected void additionalConfig(HttpClient.Builder http) {
                http.version(HttpClient.Version.HTTP_1_1);
            }
        });
    }

    private KubernetesClient client(Path file) {
        return builder().withConfig(config(file)).build();
    }

    private Config config(Path file) {
        return new ConfigBuilder(Config.fromKubeconfig(file.toFile()))
                .withRequestTimeout(PATIENCE_MILLIS)
                .build();
    }

    /** Stops the processes that {@link #start} started and removes their files; returns when they are gone. */
    @Override
    public void close() {
        if (watchdog != null) {
            watchdog.close();
        }
    }
}
