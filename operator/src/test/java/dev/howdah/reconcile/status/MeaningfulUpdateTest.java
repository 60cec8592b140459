// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.Howdah;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MeaningfulUpdateTest {
    private final MeaningfulUpdate<DatabaseClaim> filter = new MeaningfulUpdate<>();

    private static DatabaseClaim claim() {
        var claim = new DatabaseClaim();
        claim.getMetadata().setGeneration(1L);
        claim.getMetadata().setResourceVersion("1");
        claim.getMetadata().setFinalizers(List.of(Howdah.FINALIZER));
        return claim;
    }

    private boolean accepts(Consumer<DatabaseClaim> change) {
        var after = claim();
        after.getMetadata().setResourceVersion("2");
        change.accept(after);
        return filter.accept(after, claim());
    }

    @Test
    void wishesPass() {
        assertThat(accepts(c -> c.getMetadata().setGeneration(2L))).isTrue();
        assertThat(accepts(c -> c.getMetadata().setDeletionTimestamp("2030-01-01T00:00:00Z")))
                .isTrue();
        assertThat(accepts(c -> c.getMetadata().setAnnotations(Map.of(Howdah.PAUSED, "true"))))
                .isTrue();
        assertThat(accepts(c -> c.getMetadata().setLabels(Map.of("tier", "shared"))))
                .isTrue();
        assertThat(accepts(c -> c.getMetadata().setFinalizers(List.of()))).isTrue();
    }

    @Test
    void ownWritesAndOthersAffairsDoNot() {
        assertThat(accepts(c -> {})).isFalse();
        assertThat(accepts(c -> c.setStatus(new DatabaseClaimStatus(
                        1L, null, null, null, null, null, "d", null, null, null, null, null, null, null, null))))
                .isFalse();
        assertThat(accepts(c -> c.getMetadata().setAnnotations(Map.of("example.com/note", "x"))))
                .isFalse();
        assertThat(accepts(c -> c.getMetadata().setFinalizers(List.of(Howdah.FINALIZER, "other/one"))))
                .isFalse();
        var without = claim();
        without.getMetadata().setFinalizers(List.of());
        assertThat(filter.accept(claim(), without)).isFalse();
    }
}
