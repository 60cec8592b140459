// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

/** What each step puts at risk, in one place; whatever is not named only adds. */
final class StepRisk {
    private StepRisk() {}

    static Step.Risk of(Step step) {
        return switch (step) {
            case Step.AlterLogin login when !login.open() -> Step.Risk.Revokes;
            case Step.AlterLogin _,
                    Step.SetRoleSetting _,
                    Step.ResetRoleSetting _,
                    Step.SetDatabaseParameter _,
                    Step.ResetDatabaseParameter _,
                    Step.UpdateExtension _,
                    Step.SetConnectionLimit _,
                    Step.AllowConnections _,
                    Step.TakeDatabaseBack _,
                    Step.TakeSchemaBack _,
                    Step.ResetRoleSettings _,
                    Step.HandOver _,
                    Step.AdmitToDatabase _,
                    Step.TakeDatabase _,
                    Step.TakeObject _ -> Step.Risk.Changes;
            case Step.RevokeRole _,
                    Step.RevokeMembership _,
                    Step.TakeAttribute _,
                    Step.RevokeAllOnDatabase _,
                    Step.EndSessions _,
                    Step.EndDatabaseSessions _,
                    Step.RevokePublic _,
                    Step.RevokeOnDatabase _,
                    Step.RefuseConnections _ -> Step.Risk.Revokes;
            case Step.DropRoles _, Step.DropDatabase _, Step.DropExtensionIfUnused _ -> Step.Risk.Destroys;
            default -> Step.Risk.Adds;
        };
    }
}
