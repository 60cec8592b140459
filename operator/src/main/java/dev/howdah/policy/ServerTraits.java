// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server can do for a claim.
 *
 * @param settableParameters those that take a superuser and that a plain admin was granted all the same
 */
public record ServerTraits(String name, boolean superuser, Set<String> settableParameters, ExtensionOffer extensions) {

    /** The major of what a server's status says it runs, such as 18.6; 0 where that is none. */
    public static int majorVersion(@Nullable String version) {
        var major = version == null ? "" : version.split("\\D", 2)[0];
        return major.isEmpty() || major.length() > 3 ? 0 : Integer.parseInt(major);
    }

    /** Whether the admin may set a parameter that takes a superuser. */
    public boolean canSet(String parameter) {
        return superuser || settableParameters.contains(parameter);
    }
}
