// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.util.Set;

/**
 * What a server can do for a claim.
 *
 * @param settableParameters those that take a superuser and that a plain admin was granted all the same
 */
public record ServerTraits(String name, boolean superuser, Set<String> settableParameters, ExtensionOffer extensions) {

    /** Whether the admin may set a parameter that takes a superuser. */
    public boolean canSet(String parameter) {
        return superuser || settableParameters.contains(parameter);
    }
}
