// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate for {@code localhost} and {@code 127.0.0.1}, signed by an authority that is made with it and known to
 * nobody else. Made by the running JDK's keytool.
 */
record ServerCertificate(String caPem, String certificatePem, String keyPem) {
    static ServerCertificate create() {
        Path directory = PrivateFiles.directory("howdah-certificate-");
        try (var watchdog = Watchdog.start()) {
            watchdog.removes(directory);
            Path store = directory.resolve("store.p12");
            String password = RandomSecret.create();
            keytool(
                    directory,
                    store,
                    password,
                    "ca",
                    List.of("-ext", "bc:c=ca:true", "-dname", "CN=Howdah test authority"));
            keytool(
                    directory,
                    store,
                    password,
                    "server",
                    List.of(
                            "-signer",
                            "ca",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost,ip:" + LoopbackPort.HOST));
            return read(store, password.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new UnavailableException("No certificate can be made: " + e.getMessage(), e);
        }
    }

    private static void keytool(Path directory, Path store, String password, String alias, List<String> more)
            throws IOException {
        // The password is in a file: a command line can be read by every user.
        Path secret = PrivateFiles.write(directory.resolve("password"), password);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:file",
                secret.toString()));
        command.addAll(more);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool said: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static ServerCertificate read(Path file, char[] password) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        Key key = store.getKey("server", password);
        if (key == null) {
            throw new IOException("keytool made no key");
        }
        return new ServerCertificate(
                PrivateFiles.pem("CERTIFICATE", store.getCertificate("ca").getEncoded()),
                PrivateFiles.pem("CERTIFICATE", store.getCertificate("server").getEncoded()),
                PrivateFiles.pem("PRIVATE KEY", key.getEncoded()));
    }
}
