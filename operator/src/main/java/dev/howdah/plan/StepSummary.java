// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.policy.DurationText;
import dev.howdah.policy.StorageText;

/** Each step in a few words. Never holds a secret. */
final class StepSummary {
    private StepSummary() {}

    static String of(Step step) {
        return switch (step) {
            case Step.ReserveClaim s -> "reserve " + s.database();
            case Step.AdoptClaim s -> "adopt " + s.database();
            case Step.AdmitToDatabase s -> "let %s in to take %s over".formatted(s.ownerGroup(), s.database());
            case Step.TakeDatabase s ->
                "make %s the owner of %s, which was %s's".formatted(s.databaseRole(), s.database(), s.from());
            case Step.TakeObject s ->
                "make %s the owner of %s %s, which was %s's"
                        .formatted(s.to(), s.kind().toLowerCase(java.util.Locale.ROOT), s.identity(), s.from());
            case Step.RebindClaim s -> "rebind " + s.database();
            case Step.RecordReservation s ->
                "reserve %d roles, %d connections, %s"
                        .formatted(
                                s.roles().size(),
                                s.demand().connections(),
                                StorageText.format(s.demand().storage()));
            case Step.ForgetRoles s -> "forget " + s.roles().size() + " roles";
            case Step.RecordAccepted s -> "record generation " + s.accepted().generation();
            case Step.RecordLogin s ->
                "record login " + s.access() + " " + s.login().slot();
            case Step.ForgetLogin s -> "forget login " + s.access();
            case Step.RecordRetained s ->
                "retain" + (s.dropAfter() == null ? "" : " for " + DurationText.format(s.dropAfter()));
            case Step.RecordDropping _ -> "record the drop";
            case Step.ForgetClaim _ -> "forget the claim";
            case Step.CreateRole s -> "create role " + s.role();
            case Step.AlterLogin s ->
                (s.open() ? "open login " : "close login ")
                        + s.role()
                        + (s.credential() == null ? "" : " with a new password");
            case Step.GrantRole s -> "grant " + s.group() + " to " + s.member();
            case Step.RevokeRole s -> "revoke " + s.group() + " from " + s.member();
            case Step.RevokeMembership s -> "revoke " + s.group() + " from " + s.member();
            case Step.TakeAttribute s -> s.role() + ": " + s.attribute().taken();
            case Step.ResetRoleSettings s ->
                "reset all of " + s.role() + (s.database().isEmpty() ? "" : " in " + s.database());
            case Step.SetRoleSetting s -> "set " + s.setting() + " of " + s.role();
            case Step.ResetRoleSetting s -> "reset " + s.setting() + " of " + s.role();
            case Step.EndSessions s -> "end sessions of " + String.join(", ", s.roles());
            case Step.EndDatabaseSessions s -> "end sessions in " + s.database();
            case Step.DropRoles s -> "drop roles " + String.join(", ", s.roles());
            case Step.CreateDatabase s -> "create database " + s.database();
            case Step.RevokePublic s -> "close " + s.database() + " to PUBLIC";
            case Step.GrantOnDatabase s ->
                "grant " + String.join(", ", s.privileges()) + " on " + s.database() + " to " + s.grantee();
            case Step.RevokeOnDatabase s ->
                "revoke " + String.join(", ", s.privileges()) + " on " + s.database() + " from " + s.grantee();
            case Step.RevokeAllOnDatabase s -> "revoke all on " + s.database() + " from " + s.grantee();
            case Step.TakeDatabaseBack s -> "give " + s.database() + " back to " + s.databaseRole();
            case Step.TakeSchemaBack s -> "give schema " + s.schema() + " back to " + s.owner();
            case Step.SetConnectionLimit s -> "limit " + s.database() + " to " + s.limit() + " connections";
            case Step.SetDatabaseParameter s -> "set " + s.parameter() + " of " + s.database();
            case Step.ResetDatabaseParameter s -> "reset " + s.parameter() + " of " + s.database();
            case Step.RefuseConnections s -> "refuse connections to " + s.database();
            case Step.AllowConnections s -> "allow connections to " + s.database();
            case Step.DropDatabase s -> "drop database " + s.database();
            case Step.DropTemplatePublicSchema _ -> "drop the template's public schema";
            case Step.CreateSchema s -> "create schema " + s.schema();
            case Step.CreateExtensionsSchema s -> "create schema " + s.schema();
            case Step.CreateExtension s ->
                "create extension " + s.extension() + (s.version() == null ? "" : " " + s.version());
            case Step.UpdateExtension s ->
                "update extension " + s.extension() + " from " + s.installed() + " to " + s.version();
            case Step.DropExtensionIfUnused s -> "drop extension " + s.extension() + " if unused";
            case Step.GrantSchemaUsage s -> "grant usage of schema " + s.schema() + " to " + s.grantee();
            case Step.SetDefaultPrivileges s -> "default " + s.kind() + " privileges for " + s.grantee();
            case Step.GrantOnExisting s ->
                "grant on existing " + s.kind() + " of schema " + s.schema() + " to " + s.grantee();
            case Step.HandOver s -> "hand what " + s.login() + " owns to " + s.owner();
        };
    }
}
