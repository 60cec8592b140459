// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import java.util.List;

/**
 * What was last agreed to and carried out for a claim: the whole of it, so that the ledger alone can rebuild a claim and
 * a refused new spec can run on as before.
 *
 * @param terms the class as it was at binding
 * @param generation the claim's generation that led here
 * @param installed the extensions found in the database when this was carried out
 * @param unmanaged what was asked for once, no longer is, and was left in place
 */
public record Accepted(
        EffectiveClaim claim,
        ClassTerms terms,
        long generation,
        List<ExtensionStatus> installed,
        List<UnmanagedObject> unmanaged) {}
