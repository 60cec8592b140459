// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.Credential;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScramTest {
    @Test
    void a_verifier_holds_no_password_and_no_salt_twice() {
        var verifier = Scram.verifier("correct-horse");
        assertThat(verifier)
                .matches("SCRAM-SHA-256\\$4096:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+")
                .doesNotContain("correct-horse");
        assertThat(Scram.verifier("correct-horse")).isNotEqualTo(verifier);
    }

    @Test
    void a_fingerprint_depends_on_all_of_it() {
        var fingerprint = Scram.fingerprint("ledger", "login", "password");
        assertThat(fingerprint).hasSize(64).isEqualTo(Scram.fingerprint("ledger", "login", "password"));
        assertThat(Scram.fingerprint("other", "login", "password")).isNotEqualTo(fingerprint);
        assertThat(Scram.fingerprint("ledger", "other", "password")).isNotEqualTo(fingerprint);
        assertThat(Scram.fingerprint("ledger", "login", "other")).isNotEqualTo(fingerprint);
        assertThat(Scram.fingerprint("ledger", "loginp", "assword")).isNotEqualTo(fingerprint);
    }

    @Test
    void a_credential_does_not_print_itself() {
        assertThat(new Credential("hidden", "hidden", Instant.EPOCH).toString()).doesNotContain("hidden");
    }
}
