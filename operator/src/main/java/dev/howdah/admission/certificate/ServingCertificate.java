// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

/** What a TLS server shows, in PEM: the certificate, with what signed it where that matters, and its private key. */
public record ServingCertificate(String chainPem, String keyPem) {
    @Override
    public String toString() {
        return "ServingCertificate[" + chainPem.hashCode() + "]";
    }
}
