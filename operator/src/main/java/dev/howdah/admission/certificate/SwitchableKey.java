// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * The certificate a TLS server shows, which can be another from one handshake to the next. Vert.x' own way to change it
 * ({@code HttpServer.updateSSLOptions}, 4.5.25) closes connections that come in meanwhile.
 */
public final class SwitchableKey extends X509ExtendedKeyManager {
    /** A handshake asks for its key and its certificates one after the other, so it must get both by one name. */
    private static final int KEPT = 4;

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private volatile int newest;

    private record Entry(PrivateKey key, X509Certificate[] chain) {}

    /**
     * What new connections are shown from now on.
     *
     * @throws IOException if the certificate and the key are none, or not of each other; then nothing changes
     */
    public synchronized void show(ServingCertificate certificate) throws IOException {
        var entry = read(certificate);
        var next = newest + 1;
        entries.put(Integer.toString(next), entry);
        newest = next;
        entries.remove(Integer.toString(next - KEPT));
    }

    /** Whether the certificate and the key can be read and are of each other. */
    static boolean canShow(ServingCertificate certificate) {
        try {
            read(certificate);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Entry read(ServingCertificate certificate) throws IOException {
        try {
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(certificate.chainPem().getBytes(StandardCharsets.US_ASCII)))
                    .toArray(X509Certificate[]::new);
            var key = key(certificate.keyPem());
            if (chain.length == 0 || !ofEachOther(new KeyPair(chain[0].getPublicKey(), key))) {
                throw new IOException("the certificate and its key do not belong together");
            }
            return new Entry(key, chain);
        } catch (GeneralSecurityException | ArrayStoreException | IllegalStateException e) {
            throw new IOException("the certificate cannot be read", e);
        }
    }

    private static PrivateKey key(String pem) throws IOException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            var converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case PrivateKeyInfo info -> converter.getPrivateKey(info);
                case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
                case null, default -> throw new PEMException("the key is none");
            };
        }
    }

    private static boolean ofEachOther(KeyPair keys) throws GeneralSecurityException {
        var algorithm = switch (keys.getPrivate().getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case String other -> other;
        };
        var signer = Signature.getInstance(algorithm);
        signer.initSign(keys.getPrivate());
        signer.update((byte) 1);
        var signed = signer.sign();
        signer.initVerify(keys.getPublic());
        signer.update((byte) 1);
        return signer.verify(signed);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    private @Nullable String alias(String keyType) {
        var name = Integer.toString(newest);
        var entry = entries.get(name);
        return entry != null && entry.key().getAlgorithm().equals(keyType) ? name : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var entry = entries.get(alias);
        return entry == null ? null : entry.chain().clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var entry = entries.get(alias);
        return entry == null ? null : entry.key();
    }

    /** It is never a client. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
