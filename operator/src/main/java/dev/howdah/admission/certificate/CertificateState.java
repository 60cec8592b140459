// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.certificate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Secret holds.
 *
 * @param current what is served
 * @param next what will be, once the API server trusts it for long enough; {@code null} outside of a change
 * @param trusted the authorities the API server is told to trust, in PEM, one each
 */
public record CertificateState(
        ServingCertificate current, @Nullable ServingCertificate next, List<String> trusted) {

    /** The {@code caBundle}. */
    public String bundle() {
        return String.join("", trusted);
    }
}
