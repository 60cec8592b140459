// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateCareTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Set<String> HOSTS = Set.of("howdah-webhook.howdah-system.svc", "127.0.0.1", "::1");
    private static final CertificateCare CARE = care(HOSTS);

    private static CertificateCare care(Set<String> hosts) {
        return new CertificateCare(
                new CertificateIssuer(new SecureRandom()), hosts, CertificateCare.VALIDITY, CertificateCare.SETTLING);
    }

    private static X509Certificate read(String pem) {
        return CertificateCheck.read(pem).orElseThrow();
    }

    private static X509Certificate served(CertificateState state) {
        return read(state.current().chainPem());
    }

    @Test
    void a_certificate_is_what_a_server_needs() throws Exception {
        var state = CARE.next(null, NOW, "");
        var certificate = served(state);
        var authority = read(state.bundle());
        assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder("howdah-webhook.howdah-system.svc", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(authority.getBasicConstraints())
                .as("signs no other authority")
                .isZero();
        certificate.verify(authority.getPublicKey());
        assertThat(state.current().keyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(state.current().toString()).as("a log").doesNotContain("PRIVATE");
        assertThat(state.next()).isNull();
    }

    @Test
    void nothing_is_done_before_it_is_time() {
        var state = CARE.next(null, NOW, "");
        for (int day = 0; day < 60; day++) {
            assertThat(CARE.next(state, NOW.plus(Duration.ofDays(day)), "")).isEqualTo(state);
        }
    }

    @Test
    void a_change_is_announced_and_only_then_made() {
        var first = CARE.next(null, NOW, "");
        var day60 = NOW.plus(Duration.ofDays(60));
        var announced = CARE.next(first, day60, first.bundle());
        assertThat(announced.current()).as("still served").isEqualTo(first.current());
        assertThat(announced.next()).isNotNull();
        assertThat(announced.trusted()).hasSize(2).startsWith(first.bundle());

        assertThat(CARE.next(announced, day60.plusSeconds(299), announced.bundle()))
                .as("too early")
                .isEqualTo(announced);
        assertThat(CARE.next(announced, day60.plusSeconds(600), first.bundle()))
                .as("the API server was not told")
                .isEqualTo(announced);

        var changed = CARE.next(announced, day60.plusSeconds(300), announced.bundle());
        assertThat(changed.current()).isEqualTo(announced.next());
        assertThat(changed.next()).isNull();
        assertThat(changed.trusted()).as("for those who serve the old one").isEqualTo(announced.trusted());

        var later = CARE.next(changed, NOW.plus(Duration.ofDays(91)), changed.bundle());
        assertThat(later.trusted()).as("the old one has expired").hasSize(1);
        assertThat(later.current()).isEqualTo(changed.current());
        assertThat(CertificateCheck.signedBy(served(later), read(later.bundle())))
                .isTrue();
    }

    @Test
    void through_ten_years_what_is_served_is_always_valid_and_trusted() {
        CertificateState state = CARE.next(null, NOW, "");
        var published = state.bundle();
        var changes = 0;
        for (var now = NOW; now.isBefore(NOW.plus(Duration.ofDays(3650))); now = now.plus(Duration.ofHours(6))) {
            var next = CARE.next(state, now, published);
            assertThat(served(next).getNotAfter().toInstant()).isAfter(now);
            if (next.equals(state) && next.bundle().equals(published)) {
                continue;
            }
            changes += next.current().equals(state.current()) ? 0 : 1;
            // What was served before this look must be trusted by what is published after it, and the other way round.
            var announced = next.bundle();
            for (var bundle : Set.copyOf(List.of(published, announced))) {
                assertThat(trusts(bundle, served(next))).isTrue();
            }
            assertThat(trusts(announced, served(state))).isTrue();
            assertThat(next.trusted()).hasSizeLessThanOrEqualTo(2);
            state = next;
            published = announced;
        }
        assertThat(changes).isBetween(58, 62);
    }

    private static boolean trusts(String bundle, X509Certificate certificate) {
        return CertificateCheck.parts(bundle).stream()
                .anyMatch(authority -> CertificateCheck.signedBy(certificate, read(authority)));
    }

    @Test
    void what_cannot_be_served_is_replaced_at_once() {
        var good = CARE.next(null, NOW, "");
        var other = CARE.next(null, NOW, "");
        var unusable = List.of(
                new CertificateState(new ServingCertificate("nonsense", "nonsense"), null, good.trusted()),
                new CertificateState(new ServingCertificate(good.current().chainPem(), ""), null, good.trusted()),
                new CertificateState(
                        new ServingCertificate(
                                good.current().chainPem(), other.current().keyPem()),
                        null,
                        good.trusted()),
                new CertificateState(
                        new ServingCertificate(
                                good.current().chainPem(),
                                good.current().keyPem().replace("M", "M!")),
                        null,
                        good.trusted()),
                new CertificateState(good.current(), null, other.trusted()),
                new CertificateState(good.current(), null, List.of("nonsense")),
                care(Set.of("elsewhere.example")).next(null, NOW, ""),
                CARE.next(null, NOW.minus(Duration.ofDays(91)), ""));
        assertThat(unusable).allSatisfy(state -> {
            var next = CARE.next(state, NOW, state.bundle());
            assertThat(next.current()).isNotEqualTo(state.current());
            assertThat(trusts(next.bundle(), served(next))).isTrue();
            assertThat(CertificateCheck.covers(served(next), HOSTS)).isTrue();
            assertThat(next.next()).isNull();
        });
    }

    @Test
    void a_successor_that_is_no_use_is_made_again() {
        var first = CARE.next(null, NOW, "");
        var spoilt =
                new CertificateState(first.current(), new ServingCertificate("nonsense", "nonsense"), first.trusted());
        var early = CARE.next(spoilt, NOW, first.bundle());
        assertThat(early).isEqualTo(first);
        var due = CARE.next(spoilt, NOW.plus(Duration.ofDays(61)), first.bundle());
        assertThat(due.next()).isNotNull().isNotEqualTo(spoilt.next());
        assertThat(due.trusted()).hasSize(2);
    }
}
