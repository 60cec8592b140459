// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import java.util.List;
import java.util.SortedMap;

/**
 * What was last agreed to and carried out for a claim: the whole of it, so that the ledger alone can rebuild a claim and
 * a refused new spec can run on as before.
 *
 * @param terms the class as it was at binding
 * @param generation the claim's generation that led here
 * @param grounds what it was agreed on
 * @param installed the extensions found in the database when this was carried out
 * @param unmanaged what was asked for once, no longer is, and was left in place
 * @param findings what in the database decides about rights beside the grants
 */
public record Accepted(
        EffectiveClaim claim,
        ClassTerms terms,
        long generation,
        Grounds grounds,
        List<ExtensionStatus> installed,
        List<UnmanagedObject> unmanaged,
        List<Finding> findings) {

    /** Rows written before findings were have none. */
    public Accepted {
        findings = findings == null ? List.of() : findings;
    }

    /**
     * What an agreement rests on.
     *
     * @param spec as the team wrote it: a later spec that breaks a rule no more than this one did is agreed to
     * @param values where each value that is not built in came from
     * @param waived the waiver by the path it lifted a limit for
     * @param behind the policies and waivers that had a part in it, by their kind and name, with their generations
     */
    public record Grounds(
            DatabaseClaimSpec spec,
            List<EffectiveValue> values,
            SortedMap<String, String> waived,
            SortedMap<String, Long> behind) {

        /** Whether these say the same, whatever became of the objects behind them. */
        public boolean sameAs(Grounds other) {
            return spec.equals(other.spec) && values.equals(other.values) && waived.equals(other.waived);
        }
    }
}
