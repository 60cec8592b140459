// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a claim says in one line, and what the comment of its file promises. */
class ClaimViewTest {
    private static final WaiverView WAIVER = new WaiverView("closing", "pay/one", true, Set.of("work_mem"));
    private static final String CORRECTED = "lock_timeout 5s by policy \"baseline\"";
    private static final String READY = """
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClaim
            metadata: {name: one, namespace: pay}
            spec: {parameters: {work_mem: 128MB, lock_timeout: 10min}}
            status:
              conditions: [{type: Ready, status: "True", reason: Provisioned, message: m}]
              effective:
                - {path: parameters.idle_session_timeout, value: 1h, source: DatabasePolicy/baseline}
                - {path: parameters.lock_timeout, value: 5s, source: DatabasePolicy/baseline}
                - {path: parameters.work_mem, value: 128MB, source: DatabaseClaim}
                - {path: storage, value: 2Gi, source: DatabaseClass/standard}
            """;

    private static ClaimView view(String yaml, WaiverView... waivers) {
        return ClaimView.of(Serialization.unmarshal(yaml, GenericKubernetesResource.class), List.of(waivers));
    }

    @Test
    void what_a_policy_corrects_comes_before_what_it_adds() {
        var claim = view(READY);
        assertEquals("Ready=True Provisioned", claim.outcome());
        assertEquals(CORRECTED, claim.why());
        assertEquals(List.of(CORRECTED, "idle_session_timeout 1h by policy \"baseline\""), claim.decided());
    }

    @Test
    void a_waiver_that_counts_comes_first() {
        assertEquals("work_mem 128MB by waiver \"closing\"", view(READY, WAIVER).why());
        assertEquals(
                CORRECTED,
                view(READY, new WaiverView("w", "pay/one", false, Set.of("work_mem")))
                        .why());
        assertEquals(
                CORRECTED,
                view(READY, new WaiverView("w", "pay/other", true, Set.of("work_mem")))
                        .why());
    }

    @Test
    void a_refusal_names_its_policy() {
        var claim = view("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: two, namespace: pay}
                spec: {}
                status:
                  conditions: [{type: Ready, status: "False", reason: QuotaExceeded, message: m}]
                  violations:
                    - {reason: ValueOutOfRange, path: connections, policy: thrift, mode: Warn, message: m}
                    - {reason: QuotaExceeded, path: storage, policy: lab, mode: Enforce, message: m}
                """);
        assertEquals("QuotaExceeded by policy \"lab\"", claim.why());
        assertEquals("Ready=False QuotaExceeded by policy \"lab\"", claim.outcome());
    }

    @Test
    void a_claim_that_nobody_looked_at_says_nothing() {
        var claim = view("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: three, namespace: pay}
                """);
        assertEquals("-", claim.why());
        assertTrue(claim.decided().isEmpty());
    }

    @Test
    void a_promise_is_read_from_the_comment() {
        assertEquals(Optional.empty(), Promise.of("kind: Namespace\n"));
        assertEquals(
                Optional.of(new Promise("Ready=True Provisioned", "Ready=True Provisioned", List.of())),
                Promise.of("# Words.\n# Becomes: Ready=True Provisioned\nkind: x\n"));
        assertEquals(
                Optional.of(new Promise(
                        "Ready=True Provisioned",
                        "Ready=False ParameterOutOfRange by policy \"p\"",
                        List.of("work_mem 1MB by waiver \"w\"", "lock_timeout 5s by policy \"p\""))),
                Promise.of("""
                        # Before the waiver: Ready=False ParameterOutOfRange by policy "p"
                        # Becomes: Ready=True Provisioned
                        # In force: work_mem 1MB by waiver "w"
                        # In force: lock_timeout 5s by policy "p"
                        """));
    }
}
