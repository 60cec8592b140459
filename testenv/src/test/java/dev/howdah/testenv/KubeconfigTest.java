// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class KubeconfigTest {
    @Test
    void aClientReadsWhatWasWritten() {
        var config = Config.fromKubeconfig(
                new Kubeconfig("https://127.0.0.1:6443", "a certificate", "howdah:dba", "a token").yaml());
        assertEquals("https://127.0.0.1:6443/", config.getMasterUrl());
        assertEquals("a token", config.getAutoOAuthToken());
        assertEquals(
                "a certificate",
                new String(Base64.getDecoder().decode(config.getCaCertData()), StandardCharsets.UTF_8));
    }
}
