// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.admission.registration.Registration.Address;
import dev.howdah.admission.registration.Registration.Failure;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final Registration SERVICE = new Registration(
            "howdah",
            new Address.Service("howdah-system", "howdah-webhook", "/validate/databaseclaim"),
            Failure.Ignore,
            5,
            "system:serviceaccount:howdah-system:howdah",
            null);

    private static Registration url(String url) {
        return new Registration("howdah", new Address.Url(url), Failure.Fail, 5, null, null);
    }

    @Test
    void a_certificate_has_the_names_the_api_server_uses() {
        assertThat(SERVICE.hosts())
                .containsExactly("howdah-webhook.howdah-system.svc", "howdah-webhook.howdah-system.svc.cluster.local");
        assertThat(url("https://127.0.0.1:8443/x").hosts()).containsExactly("127.0.0.1");
        assertThat(url("https://[::1]:8443/x").hosts()).containsExactly("::1");
        assertThat(url("https://hooks.example/x").hosts()).containsExactly("hooks.example");
    }

    @Test
    void the_operators_own_writes_are_left_out_where_it_has_a_name_of_its_own() {
        assertThat(SERVICE.configuration("x").getWebhooks().getFirst().getMatchConditions())
                .extracting(MatchCondition::getName)
                .containsExactly("not-being-deleted", "spec-changed", "not-the-operator");
        assertThat(url("https://127.0.0.1/")
                        .configuration("x")
                        .getWebhooks()
                        .getFirst()
                        .getMatchConditions())
                .hasSize(2);
    }

    @Test
    void cert_manager_fills_in_the_bundle() {
        var injected = new Registration(
                "howdah", SERVICE.address(), Failure.Ignore, 5, null, "howdah-system/howdah-webhook-tls");
        var wanted = injected.configuration(null);
        assertThat(wanted.getMetadata().getAnnotations())
                .containsEntry("cert-manager.io/inject-ca-from", "howdah-system/howdah-webhook-tls");
        assertThat(wanted.getWebhooks().getFirst().getClientConfig().getCaBundle())
                .isNull();
        var filled = new ValidatingWebhookConfigurationBuilder(wanted)
                .editFirstWebhook()
                .editClientConfig()
                .withCaBundle("aW5qZWN0ZWQ=")
                .endClientConfig()
                .endWebhook()
                .build();
        assertThat(RegisteredWebhook.same(filled, wanted)).isTrue();
    }

    @Test
    void a_difference_is_seen() {
        var wanted = SERVICE.configuration("bundle");
        assertThat(RegisteredWebhook.same(wanted, SERVICE.configuration("bundle")))
                .isTrue();
        assertThat(RegisteredWebhook.same(SERVICE.configuration("other"), wanted))
                .isFalse();
        var failing = new ValidatingWebhookConfigurationBuilder(wanted)
                .editFirstWebhook()
                .withFailurePolicy("Fail")
                .endWebhook()
                .build();
        assertThat(RegisteredWebhook.same(failing, wanted)).isFalse();
        var unlabelled = new ValidatingWebhookConfigurationBuilder(wanted)
                .editMetadata()
                .withLabels(null)
                .endMetadata()
                .build();
        assertThat(RegisteredWebhook.same(unlabelled, wanted)).isFalse();
    }
}
