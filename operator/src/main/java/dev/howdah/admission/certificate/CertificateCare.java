// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what comes next for the certificate. A change has two steps, so that no request fails: first the API server is
 * told to trust the successor's authority as well, later the successor is served. The old authority stays trusted until it
 * expires, for processes that have not seen the change yet.
 *
 * @param hosts what the API server may call the webhook by
 * @param validity of a certificate; it is replaced after two thirds
 * @param settling how long the API servers must have been able to learn of an authority before it is used
 */
public record CertificateCare(CertificateIssuer issuer, Set<String> hosts, Duration validity, Duration settling) {
    public static final Duration VALIDITY = Duration.ofDays(90);
    public static final Duration SETTLING = Duration.ofMinutes(5);

    /**
     * The state to go to; the same where nothing is to be done.
     *
     * @param state {@code null} where there is none yet
     * @param published the bundle the API server was last told to trust, before this look
     */
    public CertificateState next(@Nullable CertificateState state, Instant now, String published) {
        if (state == null) {
            return fresh(List.of(), now);
        }
        var trusted = state.trusted().stream()
                .filter(pem -> CertificateCheck.read(pem)
                        .filter(authority -> !CertificateCheck.expired(authority, now))
                        .isPresent())
                .toList();
        if (!usable(state.current(), trusted, now)) {
            return fresh(trusted, now);
        }
        var successor = state.next();
        if (successor != null && usable(successor, trusted, now)) {
            var settled = !now.isBefore(made(read(successor)).plus(settling)) && published.equals(state.bundle());
            return settled
                    ? new CertificateState(successor, null, trusted)
                    : new CertificateState(state.current(), successor, trusted);
        }
        if (now.isBefore(due(read(state.current())))) {
            return new CertificateState(state.current(), null, trusted);
        }
        var issued = issuer.issue(hosts, now, validity);
        return new CertificateState(state.current(), issued.certificate(), with(trusted, issued.authorityPem()));
    }

    private CertificateState fresh(List<String> trusted, Instant now) {
        var issued = issuer.issue(hosts, now, validity);
        return new CertificateState(issued.certificate(), null, with(trusted, issued.authorityPem()));
    }

    private static List<String> with(List<String> trusted, String authority) {
        var all = new ArrayList<>(trusted);
        all.add(authority);
        return List.copyOf(all);
    }

    private boolean usable(ServingCertificate certificate, List<String> trusted, Instant now) {
        return CertificateCheck.read(certificate.chainPem())
                .filter(read -> !CertificateCheck.expired(read, now))
                .filter(read -> CertificateCheck.covers(read, hosts))
                .filter(_ -> SwitchableKey.canShow(certificate))
                .filter(read -> trusted.stream()
                        .flatMap(pem -> CertificateCheck.read(pem).stream())
                        .anyMatch(authority -> CertificateCheck.signedBy(read, authority)))
                .isPresent();
    }

    private static X509Certificate read(ServingCertificate certificate) {
        return CertificateCheck.read(certificate.chainPem()).orElseThrow();
    }

    private static Instant made(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(CertificateIssuer.SKEW);
    }

    /** After two thirds of its time. */
    private static Instant due(X509Certificate certificate) {
        var made = made(certificate);
        return made.plus(Duration.between(made, certificate.getNotAfter().toInstant())
                .multipliedBy(2)
                .dividedBy(3));
    }
}
