// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A claim with nothing left open: what was asked for, merged with what its class and its policies say.
 *
 * @param storage the budget in bytes
 * @param connections sessions all logins may hold together
 * @param parameters settings of the database by PostgreSQL's own spelling, values as PostgreSQL shows them
 * @param credentials when its logins get new passwords
 * @param extensions as asked for; those they require come along when they are installed
 */
public record EffectiveClaim(
        String className,
        int majorVersion,
        long storage,
        int connections,
        SortedMap<String, String> parameters,
        DatabaseLocale locale,
        List<String> schemas,
        List<ExtensionRequest> extensions,
        List<Access> access,
        DeletionPolicy deletionPolicy,
        boolean ownerMayCreateSchemas,
        CredentialTerms credentials) {

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

    /** The names of the extensions asked for. */
    public List<String> extensionNames() {
        return extensions.stream().map(ExtensionRequest::name).toList();
    }

    /** What it takes of a quota and of a server. */
    public Demand demand() {
        return new Demand(storage, connections);
    }
}
