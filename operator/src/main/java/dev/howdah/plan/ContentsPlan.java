// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Step.ObjectKind;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ExtensionOffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The inside of a claim's database: schemas, extensions, and what the groups get on everything the owner group makes. */
final class ContentsPlan {
    private static final String PUBLIC_SCHEMA = "public";
    static final String TEMPLATE_OWNER = "pg_database_owner";
    private static final List<String> USAGE = List.of("USAGE");

    private static final Map<ObjectKind, List<String>> READ_WRITE = Map.of(
            ObjectKind.Tables, List.of("SELECT", "INSERT", "UPDATE", "DELETE"),
            ObjectKind.Sequences, List.of("USAGE", "SELECT"),
            ObjectKind.Functions, List.of("EXECUTE"),
            ObjectKind.Types, USAGE,
            ObjectKind.Schemas, USAGE);
    private static final Map<ObjectKind, List<String>> READ_ONLY = Map.of(
            ObjectKind.Tables, List.of("SELECT"),
            ObjectKind.Sequences, List.of("SELECT"),
            ObjectKind.Functions, List.of("EXECUTE"),
            ObjectKind.Types, USAGE,
            ObjectKind.Schemas, USAGE);
    private static final List<ObjectKind> BACK_FILLED =
            List.of(ObjectKind.Tables, ObjectKind.Sequences, ObjectKind.Functions, ObjectKind.Types);

    private ContentsPlan() {}

    static List<Step> make(Desired desired, Observed observed, Contents contents) {
        var steps = new ArrayList<Step>();
        schemas(desired, contents, steps);
        extensions(desired, observed, contents, steps);
        rights(desired, contents, steps);
        RolePlan.handedOver(desired, observed)
                .forEach(login -> steps.add(new Step.HandOver(
                        desired.names().database(),
                        desired.names().databaseRole(),
                        login,
                        desired.names().ownerGroup(),
                        false)));
        return steps;
    }

    /** What cannot be installed as things are; told before anything is begun. */
    static @Nullable Conflict obstacle(Desired desired, Contents contents) {
        var offer = desired.server().extensions();
        for (var name : Planner.wantedExtensions(desired)) {
            var offered = offer.byName().get(name);
            if (offered == null || contents.extensions().containsKey(name)) {
                continue;
            }
            if (!offered.trusted() && !offer.untrustedToo()) {
                return superuserOnly(desired, offered);
            }
            if (offered.schema() != null && mayHoldTraps(offered.schema(), desired, contents)) {
                return new Conflict(
                        Reason.InvalidSpec,
                        "`extensions`: \"%s\" installs itself into a schema \"%s\" of its own, and what a team made there would run as the server's administrator, so nothing was done: leave \"%2$s\" out of `schemas` and drop that schema, or leave the extension out"
                                .formatted(name, offered.schema()));
            }
        }
        return null;
    }

    private static Conflict superuserOnly(Desired desired, ExtensionOffer.Extension extension) {
        var version = versions(desired).get(extension.name());
        return new Conflict(
                Reason.InsufficientPrivilege,
                "`extensions`: \"%s\" takes a superuser to install, which the admin \"%s\" is not, so nothing was done: as one, run in database \"%s\": CREATE EXTENSION \"%1$s\"%s%s; it goes on by itself then. Or leave it out"
                        .formatted(
                                extension.name(),
                                desired.server().admin(),
                                desired.names().database(),
                                schemaFor(extension) == null ? "" : " SCHEMA \"" + schemaFor(extension) + "\"",
                                version == null ? "" : " VERSION '" + version + "'"));
    }

    /** An extension's script finds first what is in its schema, and it runs with more rights than who made that. */
    private static boolean mayHoldTraps(String schema, Desired desired, Contents contents) {
        if (desired.claim().schemas().contains(schema)) {
            return true;
        }
        var there = contents.schemas().get(schema);
        return there != null
                && !schema.equals(Planner.EXTENSIONS_SCHEMA)
                && !there.owner().equals(desired.server().admin());
    }

    private static void schemas(Desired desired, Contents contents, List<Step> steps) {
        var names = desired.names();
        var templatePublic = contents.schemas().get(PUBLIC_SCHEMA);
        var dropsPublic = templatePublic != null && templatePublic.owner().equals(TEMPLATE_OWNER);
        if (dropsPublic) {
            steps.add(new Step.DropTemplatePublicSchema(names.database(), names.databaseRole()));
        }
        for (var schema : desired.claim().schemas()) {
            if (!contents.schemas().containsKey(schema) || (dropsPublic && schema.equals(PUBLIC_SCHEMA))) {
                steps.add(new Step.CreateSchema(names.database(), names.databaseRole(), schema, names.ownerGroup()));
            }
        }
        var extensionsSchema = contents.schemas().get(Planner.EXTENSIONS_SCHEMA);
        if (extensionsSchema == null) {
            steps.add(new Step.CreateExtensionsSchema(names.database(), Planner.EXTENSIONS_SCHEMA));
        }
        for (var group : names.groups()) {
            if (extensionsSchema == null || !extensionsSchema.grants(group, USAGE)) {
                steps.add(new Step.GrantSchemaUsage(names.database(), null, Planner.EXTENSIONS_SCHEMA, group));
            }
        }
    }

    private static void extensions(Desired desired, Observed observed, Contents contents, List<Step> steps) {
        var database = desired.names().database();
        var offer = desired.server().extensions();
        var versions = versions(desired);
        for (var name : Planner.wantedExtensions(desired)) {
            var installed = contents.extensions().get(name);
            var version = versions.get(name);
            if (installed == null) {
                steps.add(new Step.CreateExtension(
                        database, name, schemaFor(offer.byName().get(name)), version));
            } else if (version != null && !version.equals(installed.version())) {
                steps.add(new Step.UpdateExtension(database, name, installed.version(), version));
            }
        }
        var row = observed.row();
        var before = row == null ? null : row.accepted();
        if (before != null) {
            // Dependent ones first, so that an extension and what came along for it can go together.
            for (var name : Unmanaged.extensionsNoLongerAsked(desired, before).reversed()) {
                var installed = contents.extensions().get(name);
                if (installed != null
                        && !installed.holdsRows()
                        && !Adoption.extensions(observed).contains(name)) {
                    steps.add(new Step.DropExtensionIfUnused(database, name));
                }
            }
        }
    }

    /** The exact ones asked for; one that comes along has none. */
    private static Map<String, String> versions(Desired desired) {
        var versions = new HashMap<String, String>();
        for (var request : desired.claim().extensions()) {
            if (request.version() != null) {
                versions.put(request.name(), request.version());
            }
        }
        return versions;
    }

    private static @Nullable String schemaFor(ExtensionOffer.@Nullable Extension extension) {
        return extension != null && extension.schema() != null ? null : Planner.EXTENSIONS_SCHEMA;
    }

    private static void rights(Desired desired, Contents contents, List<Step> steps) {
        var names = desired.names();
        for (var schema : desired.claim().schemas()) {
            var before = contents.schemas().get(schema);
            var stood = before != null && !before.owner().equals(TEMPLATE_OWNER);
            for (var group : List.of(names.readWriteGroup(), names.readOnlyGroup())) {
                if (before == null || !stood || !before.grants(group, USAGE)) {
                    steps.add(new Step.GrantSchemaUsage(names.database(), names.ownerGroup(), schema, group));
                    if (stood) {
                        backFill(names, schema, group, steps);
                    }
                }
            }
        }
        for (var group : List.of(names.readWriteGroup(), names.readOnlyGroup())) {
            for (var kind : ObjectKind.values()) {
                var privileges = rights(names, group).getOrDefault(kind, List.of());
                if (!contents.defaultPrivileges().containsAll(entries(kind, group, privileges))) {
                    steps.add(new Step.SetDefaultPrivileges(
                            names.database(), names.ownerGroup(), group, kind, privileges));
                }
            }
        }
    }

    private static void backFill(ClaimNames names, String schema, String group, List<Step> steps) {
        for (var kind : BACK_FILLED) {
            steps.add(new Step.GrantOnExisting(
                    names.database(),
                    names.ownerGroup(),
                    schema,
                    group,
                    kind,
                    rights(names, group).getOrDefault(kind, List.of())));
        }
    }

    private static Map<ObjectKind, List<String>> rights(ClaimNames names, String group) {
        return group.equals(names.readWriteGroup()) ? READ_WRITE : READ_ONLY;
    }

    private static List<String> entries(ObjectKind kind, String grantee, List<String> privileges) {
        return privileges.stream()
                .map(privilege -> kind.code() + ":" + grantee + ":" + privilege)
                .toList();
    }
}
