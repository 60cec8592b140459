// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.policy.rulebook.Rulebook;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void aClaimThatWentWithoutAWordIsNotCounted() {
        var findings = new Findings();
        var stays = new ResourceID("stays", "shop");
        var goes = new ResourceID("goes", "shop");
        findings.recordNothing(stays, Rulebook.EMPTY);
        findings.recordNothing(goes, Rulebook.EMPTY);
        assertThat(findings.all()).hasSize(2);
        findings.claimsAreIn(Set.of(stays)::contains);
        assertThat(findings.all()).extracting(Findings.Finding::claim).containsExactly(stays);
        assertThat(findings.know(Set.of(goes))).isFalse();
    }
}
