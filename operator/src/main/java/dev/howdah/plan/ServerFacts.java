// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.Locale;
import java.util.Set;

/**
 * What the planner has to know about a server.
 *
 * @param majorVersion such as 18
 * @param admin the operator's own role there
 * @param libcUtf8 the libc locale for UTF-8 without language rules: C.UTF-8 where the server has it, else C
 * @param settableParameters those that take a superuser and that the admin was granted SET on, in small letters; none
 *     for a superuser, who needs no grant
 */
public record ServerFacts(
        int majorVersion,
        String admin,
        boolean superuser,
        String libcUtf8,
        ExtensionOffer extensions,
        Set<String> settableParameters) {

    /** The same with other extensions. */
    public ServerFacts offering(ExtensionOffer others) {
        return new ServerFacts(majorVersion, admin, superuser, libcUtf8, others, settableParameters);
    }

    /** Whether the database's owner may set it without being superuser. */
    boolean ownerSets(String parameter) {
        return ParameterCatalog.of(majorVersion)
                .find(parameter)
                .filter(known -> known.context() == Parameter.Context.USER)
                .isPresent();
    }

    /** Whether the admin may set and reset it, in its own right or as the database's owner. */
    public boolean maySet(String parameter) {
        return superuser || ownerSets(parameter) || settableParameters.contains(parameter.toLowerCase(Locale.ROOT));
    }

    /** From 16 on a membership says whether it inherits and whether SET ROLE is allowed. */
    public boolean membershipOptions() {
        return majorVersion >= 16;
    }

    /** From 17 on PostgreSQL brings its own locale provider. */
    public boolean builtinLocales() {
        return majorVersion >= 17;
    }
}
