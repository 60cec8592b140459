// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A claim with nothing left open: what was asked for, merged with what its class says.
 *
 * @param connections sessions all logins may hold together
 * @param extensions as asked for; those they require come along when they are installed
 */
public record EffectiveClaim(
        String className,
        int majorVersion,
        int connections,
        DatabaseLocale locale,
        List<String> schemas,
        List<String> extensions,
        List<Access> access,
        DeletionPolicy deletionPolicy,
        boolean ownerMayCreateSchemas) {

    /**
     * One login.
     *
     * @param binding whether its Secret is the claim's Service Binding
     * @param connections sessions it may hold, {@code null} for no limit of its own
     */
    public record Access(
            String name,
            AccessRole role,
            boolean binding,
            @Nullable Integer connections,
            String secretName) {}
}
