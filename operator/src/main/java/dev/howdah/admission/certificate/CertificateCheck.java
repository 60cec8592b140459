// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads certificates, those that somebody else may have put there included. */
final class CertificateCheck {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateCheck() {}

    /** The first certificate in a PEM text. */
    static Optional<X509Certificate> read(String pem) {
        try (var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
            return Optional.of(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (GeneralSecurityException | IOException e) {
            return Optional.empty();
        }
    }

    /** A PEM text with several certificates, in parts with one each. */
    static List<String> parts(String bundle) {
        var parts = new ArrayList<String>();
        var from = bundle.indexOf(BEGIN);
        while (from >= 0) {
            var next = bundle.indexOf(BEGIN, from + 1);
            parts.add((next < 0 ? bundle.substring(from) : bundle.substring(from, next)).strip() + "\n");
            from = next;
        }
        return List.copyOf(parts);
    }

    static boolean expired(X509Certificate certificate, Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }

    static boolean signedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static boolean covers(X509Certificate certificate, Collection<String> hosts) {
        var names = names(certificate);
        return hosts.stream().allMatch(host -> {
            var address = CertificateIssuer.address(host);
            return names.contains(address == null ? host : address);
        });
    }

    private static Set<String> names(X509Certificate certificate) {
        var names = new HashSet<String>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (var alternative : alternatives) {
                    var value = String.valueOf(alternative.get(1));
                    switch ((Integer) alternative.get(0)) {
                        case DNS_NAME -> names.add(value);
                        case IP_ADDRESS -> names.add(String.valueOf(CertificateIssuer.address(value)));
                        default -> {
                            // No name a server goes by.
                        }
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            // A certificate whose names cannot be read has none.
        }
        return names;
    }
}
