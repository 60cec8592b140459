// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Makes a serving certificate and an authority for it alone. The authority's key is thrown away once it has signed: nobody
 * can ever sign with it again, so trusting the authority is trusting this one certificate.
 */
public final class CertificateIssuer {
    /** Clocks of the API server and of the operator may differ. */
    static final Duration SKEW = Duration.ofHours(1);

    private static final String CURVE = "secp256r1";
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 120;

    private final SecureRandom random;

    public CertificateIssuer(SecureRandom random) {
        this.random = random;
    }

    /** @param authorityPem the certificate of the authority */
    public record Issued(ServingCertificate certificate, String authorityPem) {}

    /** A certificate for these host names and IP addresses, from now on and for so long. */
    public Issued issue(Collection<String> hosts, Instant now, Duration validity) {
        try {
            var from = now.minus(SKEW);
            var until = now.plus(validity);
            var serial = serial();
            // A name of its own: a verifier with an old and a new authority need not try both.
            var authorityName = new X500Name("CN=howdah webhook authority " + serial.toString(36));
            var authorityKeys = keys();
            var authority = sign(authority(authorityName, serial, from, until, authorityKeys), authorityKeys);

            var keys = keys();
            var certificate =
                    sign(certificate(authority, authorityName, serial(), from, until, keys, hosts), authorityKeys);
            return new Issued(
                    new ServingCertificate(
                            pem(new JcaMiscPEMGenerator(certificate)),
                            pem(new JcaPKCS8Generator(keys.getPrivate(), null))),
                    pem(new JcaMiscPEMGenerator(authority)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("this Java cannot make certificates", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509v3CertificateBuilder authority(
            X500Name name, BigInteger serial, Instant from, Instant until, KeyPair keys)
            throws GeneralSecurityException, CertIOException {
        return new JcaX509v3CertificateBuilder(name, serial, Date.from(from), Date.from(until), name, keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    }

    private static X509v3CertificateBuilder certificate(
            X509Certificate authority,
            X500Name issuer,
            BigInteger serial,
            Instant from,
            Instant until,
            KeyPair keys,
            Collection<String> hosts)
            throws GeneralSecurityException, CertIOException {
        var names = hosts.stream().map(CertificateIssuer::name).toArray(GeneralName[]::new);
        var identifiers = new JcaX509ExtensionUtils();
        return new JcaX509v3CertificateBuilder(
                        issuer,
                        serial,
                        Date.from(from),
                        Date.from(until),
                        new X500Name("CN=howdah webhook"),
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                .addExtension(
                        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()))
                .addExtension(
                        Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(authority));
    }

    private static GeneralName name(String host) {
        return new GeneralName(address(host) == null ? GeneralName.dNSName : GeneralName.iPAddress, host);
    }

    /** An IP address in its one written form, {@code null} for a host name. Looks nothing up. */
    static @Nullable String address(String host) {
        try {
            return InetAddress.ofLiteral(host).getHostAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE)
                        .setSecureRandom(random)
                        .build(signer.getPrivate())));
    }

    private KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(CURVE), random);
        return generator.generateKeyPair();
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
    }

    private static String pem(PemObjectGenerator object) throws IOException {
        var text = new StringWriter();
        try (var writer = new PemWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
