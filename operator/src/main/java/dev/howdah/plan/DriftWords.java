// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Finding.Kind;
import org.jspecify.annotations.Nullable;

/** What it means that a step is needed although nothing was asked for. */
final class DriftWords {
    private DriftWords() {}

    /** {@code null} for a step that only goes along with others, or only keeps the ledger. */
    static @Nullable Finding of(Step step) {
        return switch (step) {
            case Step.CreateRole s -> Finding.missing(Kind.ROLE, "role \"%s\" is gone".formatted(s.role()), s);
            case Step.AlterLogin s ->
                s.open()
                        ? Finding.missing(
                                Kind.ROLE, "login \"%s\" is closed or has another limit".formatted(s.role()), s)
                        : Finding.extra(Kind.ROLE, "login \"%s\" is open".formatted(s.role()), s);
            case Step.GrantRole s ->
                Finding.missing(Kind.MEMBERSHIP, "\"%s\" is no longer in \"%s\"".formatted(s.member(), s.group()), s);
            case Step.RevokeRole s ->
                Finding.extra(Kind.MEMBERSHIP, "\"%s\" was put into \"%s\"".formatted(s.member(), s.group()), s);
            case Step.SetRoleSetting s ->
                Finding.missing(Kind.SETTING, "%s of \"%s\" was changed".formatted(s.setting(), s.role()), s);
            case Step.ResetRoleSetting s ->
                Finding.extra(Kind.SETTING, "%s of \"%s\" was set".formatted(s.setting(), s.role()), s);
            case Step.RevokePublic s ->
                Finding.extra(Kind.GRANT, "PUBLIC was given rights on database \"%s\"".formatted(s.database()), s);
            case Step.GrantOnDatabase s ->
                Finding.missing(
                        Kind.GRANT,
                        "\"%s\" lost %s on database \"%s\""
                                .formatted(s.grantee(), String.join(", ", s.privileges()), s.database()),
                        s);
            case Step.RevokeOnDatabase s ->
                Finding.extra(
                        Kind.GRANT,
                        "\"%s\" was given %s on database \"%s\""
                                .formatted(s.grantee(), String.join(", ", s.privileges()), s.database()),
                        s);
            case Step.SetConnectionLimit s ->
                Finding.extra(
                        Kind.LIMIT, "the connection limit of database \"%s\" was changed".formatted(s.database()), s);
            case Step.SetDatabaseParameter s ->
                Finding.missing(
                        Kind.SETTING, "%s of database \"%s\" was changed".formatted(s.parameter(), s.database()), s);
            case Step.ResetDatabaseParameter s ->
                Finding.extra(Kind.SETTING, "%s of database \"%s\" was set".formatted(s.parameter(), s.database()), s);
            case Step.AllowConnections s ->
                Finding.missing(Kind.DATABASE, "database \"%s\" takes no connections".formatted(s.database()), s);
            case Step.DropTemplatePublicSchema s ->
                Finding.extra(Kind.SCHEMA, "schema \"public\" is the template's again", s);
            case Step.CreateSchema s -> Finding.missing(Kind.SCHEMA, "schema \"%s\" is gone".formatted(s.schema()), s);
            case Step.CreateExtensionsSchema s ->
                Finding.missing(Kind.SCHEMA, "schema \"%s\" is gone".formatted(s.schema()), s);
            case Step.GrantSchemaUsage s ->
                Finding.missing(
                        Kind.SCHEMA, "\"%s\" lost USAGE of schema \"%s\"".formatted(s.grantee(), s.schema()), s);
            case Step.GrantOnExisting s ->
                Finding.missing(
                        Kind.SCHEMA,
                        "%s in schema \"%s\" are granted to \"%s\" again".formatted(s.kind(), s.schema(), s.grantee()),
                        s);
            case Step.SetDefaultPrivileges s ->
                Finding.missing(
                        Kind.SCHEMA,
                        "default privileges on %s for \"%s\" were changed".formatted(s.kind(), s.grantee()),
                        s);
            case Step.CreateExtension s ->
                Finding.missing(Kind.EXTENSION, "extension \"%s\" is gone".formatted(s.extension()), s);
            case Step.UpdateExtension s ->
                Finding.missing(
                        Kind.EXTENSION, "extension \"%s\" has version %s".formatted(s.extension(), s.installed()), s);
            default -> null;
        };
    }
}
