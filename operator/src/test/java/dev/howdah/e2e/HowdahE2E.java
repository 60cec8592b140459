// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** From the installation to its end. {@code make e2e} runs it in a Kind cluster or a given one, {@code make test} without any. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HowdahE2E implements ClaimCases, GuardCases, GitOpsCases, OperationCases {
    private final Stand stand = new Stand();

    @Override
    public Stand stand() {
        return stand;
    }

    @BeforeAll
    void publish() {
        stand.publish();
    }

    @AfterAll
    void end() {
        stand.clear();
        stand.place.close();
    }
}
