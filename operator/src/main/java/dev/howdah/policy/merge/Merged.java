// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the layers come to.
 *
 * @param chains how each value came about
 * @param asked the claim's own parameters that no override replaced, as far as they can be read
 * @param listedExtensions those a policy in Enforce or a waiver lists, so that an untrusted one may be had
 * @param conflicts values of policies and classes that cannot be in force
 */
public record Merged(
        EffectiveClaim claim,
        List<ValueChain> chains,
        List<Applied> policies,
        SortedMap<String, ParameterValue> asked,
        Set<String> listedExtensions,
        List<ObjectConflict> conflicts) {
    /** As the claim's status takes it. */
    private static final int LONGEST_VALUE = 1024;

    /** The values in force that are not built in, parameters first. */
    public List<EffectiveValue> values() {
        return chains.stream()
                .flatMap(chain -> chain.inForce().stream()
                        .filter(link -> link.source().layer() != Layer.BuiltIn)
                        .map(link -> new EffectiveValue(
                                chain.path(),
                                shortened(link.value()),
                                link.source().text())))
                .toList();
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE - 1) + "…";
    }
}
