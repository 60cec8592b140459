// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** As much of the registry protocol (OCI distribution) as a push needs, with the digests checked. */
final class ImageRegistry implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final HttpsServer server;

    private ImageRegistry(HttpsServer server) {
        this.server = server;
    }

    /** With a certificate of its own, in the store of this file. */
    static ImageRegistry start(Path store) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(store)));
        var registry = new ImageRegistry(server);
        server.createContext("/v2/", registry::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return registry;
    }

    private static SSLContext tls(Path store) throws Exception {
        var made = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool",
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (made != 0) {
            throw new IllegalStateException("keytool ended with " + made);
        }
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    String name() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** What was pushed under this tag. */
    byte[] manifest(String tag) {
        return manifests.get(tag);
    }

    boolean hasBlob(String digest) {
        return blobs.containsKey(digest);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getPath();
            var last = path.substring(path.lastIndexOf('/') + 1);
            switch (exchange.getRequestMethod()) {
                case "HEAD" -> answer(exchange, blobs.containsKey(last) ? 200 : 404, "");
                case "POST" -> answer(exchange, 202, path + System.nanoTime());
                case "PATCH" -> {
                    blobs.put(path, body);
                    answer(exchange, 202, path);
                }
                case "PUT" -> answer(exchange, put(exchange, path, last, body), path);
                default -> answer(exchange, path.equals("/v2/") ? 200 : 404, "");
            }
        }
    }

    private int put(HttpExchange exchange, String path, String last, byte[] body) throws IOException {
        if (path.contains("/manifests/")) {
            manifests.put(last, body);
            return 201;
        }
        var content = blobs.remove(path);
        var digest = exchange.getRequestURI().getQuery().replaceFirst(".*digest=", "");
        if (!digest.equals(digest(content))) {
            return 400;
        }
        blobs.put(digest, content);
        return 201;
    }

    static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String location) throws IOException {
        if (!location.isEmpty()) {
            exchange.getResponseHeaders().add("Location", location);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
