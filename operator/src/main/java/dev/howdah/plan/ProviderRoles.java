// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.Set;

/** Roles that managed services keep on their servers; what these hold is not touched. */
final class ProviderRoles {
    private static final Set<String> NAMES = Set.of(
            "rdsadmin",
            "rds_superuser",
            "rds_replication",
            "cloudsqladmin",
            "cloudsqlsuperuser",
            "azuresu",
            "azure_superuser",
            "azure_pg_admin",
            "alloydbadmin",
            "alloydbsuperuser");

    private ProviderRoles() {}

    static boolean contains(String role) {
        return NAMES.contains(role);
    }
}
