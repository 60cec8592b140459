// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import java.util.Map;
import java.util.Set;

/**
 * What should be on the server for one claim.
 *
 * @param terms the class terms to pin
 * @param generation the claim's generation
 * @param grounds what the claim was agreed to on
 * @param credentials new credentials by access name, for the logins that need one now
 * @param asked what is asked for by annotation
 * @param acceptedLoss whether the team accepted that its database is gone and wants an empty one
 * @param handover whether it gets what a former namespace of the same name left
 */
public record Desired(
        ClaimIdentity identity,
        ClaimNames names,
        EffectiveClaim claim,
        ClassTerms terms,
        long generation,
        Accepted.Grounds grounds,
        Map<String, Credential> credentials,
        ServerFacts server,
        Rotation.Asked asked,
        boolean acceptedLoss,
        Handover handover) {

    /** Of a claim that gets nothing of a former namespace. */
    public Desired(
            ClaimIdentity identity,
            ClaimNames names,
            EffectiveClaim claim,
            ClassTerms terms,
            long generation,
            Accepted.Grounds grounds,
            Map<String, Credential> credentials,
            ServerFacts server,
            Rotation.Asked asked,
            boolean acceptedLoss) {
        this(
                identity,
                names,
                claim,
                terms,
                generation,
                grounds,
                credentials,
                server,
                asked,
                acceptedLoss,
                Handover.Never);
    }

    /** Who the claim is; a claim of the same namespace and name made anew has another {@code uid}. */
    public record ClaimIdentity(String uid, String namespace, String namespaceUid, String name) {
        /** Whether both are the claim of one namespace and name, if maybe not the same object. */
        public boolean hasNameOf(ClaimIdentity other) {
            return namespace.equals(other.namespace) && name.equals(other.name);
        }
    }

    /** The names of all roles the claim has, both logins of every access entry included. */
    public java.util.List<String> roles() {
        return names.roles(
                claim.access().stream().map(EffectiveClaim.Access::name).toList());
    }

    /** The access names of this claim. */
    public Set<String> accessNames() {
        return claim.access().stream()
                .map(EffectiveClaim.Access::name)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
