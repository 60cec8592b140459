// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** The processes of one control plane: etcd, kube-apiserver, kube-controller-manager. */
final class ControlPlaneProcesses {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final int TRIES = 3;

    private final ControlPlaneBinaries binaries;
    private final Watchdog watchdog;
    private final Path directory;
    private final Map<Persona, String> tokens = new EnumMap<>(Persona.class);

    private ControlPlaneProcesses(ControlPlaneBinaries binaries, Watchdog watchdog, Path directory) {
        this.binaries = binaries;
        this.watchdog = watchdog;
        this.directory = directory;
        for (Persona persona : Persona.values()) {
            tokens.put(persona, RandomSecret.create());
        }
    }

    /** Returns the administrator's kubeconfig once the API server is ready; the others' are beside it. */
    static Path start(ControlPlaneBinaries binaries, Watchdog watchdog) {
        for (int attempt = 1; ; attempt++) {
            Path directory = PrivateFiles.directory("howdah-controlplane-");
            watchdog.removes(directory);
            try {
                return new ControlPlaneProcesses(binaries, watchdog, directory).start();
            } catch (PortTakenException e) {
                if (attempt == TRIES) {
                    throw new UnavailableException("no free loopback port was found in " + TRIES + " tries", e);
                }
            }
        }
    }

    private Path start() throws PortTakenException {
        writeServiceAccountKeys();
        var users = new StringBuilder();
        tokens.forEach((persona, token) -> users.append(token + "," + persona.user() + "," + persona.user() + ",\""
                + String.join(",", persona.groups()) + "\"\n"));
        PrivateFiles.write(directory.resolve("tokens.csv"), users.toString());

        int etcdPort = LoopbackPort.free();
        int apiPort = LoopbackPort.free();
        // The API server waits for etcd by itself, so both start at once.
        var running = new ArrayList<Program>();
        running.add(etcd(etcdPort, LoopbackPort.free()));
        running.add(apiServer(etcdPort, apiPort));

        Instant deadline = Instant.now().plus(READY_WITHIN);
        String ca = servingCertificates(running, deadline);
        String server = "https://" + LoopbackPort.HOST + ":" + apiPort;
        tokens.forEach((persona, token) ->
                PrivateFiles.write(file(directory, persona), new Kubeconfig(server, ca, persona.user(), token).yaml()));
        awaitReady(URI.create(server + "/readyz"), trusting(ca), running, deadline);
        binaries.controllerManager().ifPresent(this::controllerManager);
        return file(directory, Persona.ADMIN);
    }

    private static Path file(Path directory, Persona persona) {
        return directory.resolve(fileName(persona));
    }

    static String fileName(Persona persona) {
        return persona == Persona.ADMIN
                ? "kubeconfig"
                : "kubeconfig-" + persona.name().toLowerCase(Locale.ROOT);
    }

    private Program etcd(int clientPort, int peerPort) {
        String client = "http://" + LoopbackPort.HOST + ":" + clientPort;
        String peer = "http://" + LoopbackPort.HOST + ":" + peerPort;
        return start(
                "etcd",
                List.of(
                        binaries.etcd().toString(),
                        "--name=testenv",
                        "--data-dir=" + directory.resolve("etcd"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=testenv=" + peer,
                        "--unsafe-no-fsync",
                        "--log-level=error"));
    }

    private Program apiServer(int etcdPort, int port) {
        return start(
                "kube-apiserver",
                List.of(
                        binaries.apiServer().toString(),
                        "--etcd-servers=http://" + LoopbackPort.HOST + ":" + etcdPort,
                        "--bind-address=" + LoopbackPort.HOST,
                        "--advertise-address=" + LoopbackPort.HOST,
                        "--endpoint-reconciler-type=none",
                        "--secure-port=" + port,
                        "--cert-dir=" + directory.resolve("serving"),
                        "--service-account-key-file=" + directory.resolve("service-accounts.pub"),
                        "--service-account-signing-key-file=" + directory.resolve("service-accounts.key"),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--authorization-mode=Node,RBAC",
                        "--token-auth-file=" + directory.resolve("tokens.csv")));
    }

    private void controllerManager(Path program) {
        start(
                "kube-controller-manager",
                List.of(
                        program.toString(),
                        "--kubeconfig=" + file(directory, Persona.ADMIN),
                        "--service-account-private-key-file=" + directory.resolve("service-accounts.key"),
                        "--leader-elect=false",
                        "--secure-port=0",
                        "--controllers=namespace-controller,garbage-collector-controller,serviceaccount-controller,"
                                + "serviceaccount-token-controller,clusterrole-aggregation-controller,"
                                + "resourcequota-controller"));
    }

    private record Program(String name, Process process, Path log) {
        void mustRun() throws PortTakenException {
            if (process.isAlive()) {
                return;
            }
            String said = PrivateFiles.read(log);
            if (said.contains("address already in use")) {
                throw new PortTakenException(name);
            }
            throw new UnavailableException(name + " ended at start with exit code " + process.exitValue() + ": "
                    + said.substring(Math.max(0, said.length() - 1500)));
        }
    }

    private static final class PortTakenException extends Exception {
        private static final long serialVersionUID = 1L;

        PortTakenException(String program) {
            super("another process took the port of " + program);
        }
    }

    private Program start(String name, List<String> command) {
        Path log = PrivateFiles.write(directory.resolve(name + ".log"), "");
        return new Program(name, watchdog.start(command, Watchdog.Signal.KILL, log), log);
    }

    /** The certificate the API server made for itself, followed by the authority that signed it. */
    private String servingCertificates(List<Program> running, Instant deadline) throws PortTakenException {
        Path file = directory.resolve("serving").resolve("apiserver.crt");
        // The key is written after the certificate: with it there, the certificate is whole.
        while (!Files.exists(directory.resolve("serving").resolve("apiserver.key"))) {
            mustAllRun(running, deadline);
            Pause.millis(20);
        }
        return PrivateFiles.read(file);
    }

    private static void awaitReady(URI readyz, SSLSocketFactory trusting, List<Program> running, Instant deadline)
            throws PortTakenException {
        while (!isReady(readyz, trusting)) {
            mustAllRun(running, deadline);
            Pause.millis(50);
        }
    }

    private static void mustAllRun(List<Program> running, Instant deadline) throws PortTakenException {
        for (Program program : running) {
            program.mustRun();
        }
        if (Instant.now().isAfter(deadline)) {
            throw new UnavailableException("the API server was not ready within " + Progress.span(READY_WITHIN));
        }
    }

    private static boolean isReady(URI readyz, SSLSocketFactory trusting) {
        try {
            var connection = (HttpsURLConnection) readyz.toURL().openConnection();
            connection.setSSLSocketFactory(trusting);
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            // Not listening yet; a process that ended is noticed by mustRun.
            return false;
        }
    }

    private static SSLSocketFactory trusting(String pem) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
                store.setCertificateEntry("testenv-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void writeServiceAccountKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            PrivateFiles.write(
                    directory.resolve("service-accounts.key"),
                    PrivateFiles.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            PrivateFiles.write(
                    directory.resolve("service-accounts.pub"),
                    PrivateFiles.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
