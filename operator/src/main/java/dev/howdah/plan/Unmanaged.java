// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.policy.Accepted;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is there without being asked for: once it was, or somebody else set it. It may hold data, or not be the operator's
 * to take away, so it is told of.
 */
final class Unmanaged {
    private static final String SCHEMA = "Schema";
    private static final String EXTENSION = "Extension";
    private static final String PARAMETER = "Parameter";
    private static final String ROLE = "Role";

    private Unmanaged() {}

    static SequencedSet<String> schemasNoLongerAsked(Desired desired, Accepted before) {
        var names = new LinkedHashSet<>(before.claim().schemas());
        names.addAll(known(before, SCHEMA));
        names.removeAll(desired.claim().schemas());
        return names;
    }

    static SequencedSet<String> extensionsNoLongerAsked(Desired desired, Accepted before) {
        var names = new LinkedHashSet<>(
                desired.server().extensions().withRequired(before.claim().extensionNames()));
        names.addAll(known(before, EXTENSION));
        names.removeAll(Planner.wantedExtensions(desired));
        return names;
    }

    static UnmanagedObject broughtAlong(String kind, String name) {
        return new UnmanagedObject(
                kind,
                name,
                "was there when the database was adopted, and is not in the claim; left as it is. List it in the claim to have it looked after");
    }

    static UnmanagedObject schemaBroughtAlong(String name) {
        return broughtAlong(SCHEMA, name);
    }

    static UnmanagedObject extensionBroughtAlong(String name) {
        return broughtAlong(EXTENSION, name);
    }

    static UnmanagedObject parameterBroughtAlong(String name) {
        return broughtAlong(PARAMETER, name);
    }

    static UnmanagedObject schema(String name) {
        return new UnmanagedObject(
                SCHEMA,
                name,
                "no longer asked for; left with its contents and rights. Drop it as an Owner login if it is not needed, or list it in `spec.schemas` again");
    }

    static UnmanagedObject extension(String name) {
        return new UnmanagedObject(
                EXTENSION,
                name,
                "no longer asked for; left because it holds rows, something depends on it, or a superuser made it. Remove what uses it, or list it in `spec.extensions` again");
    }

    static UnmanagedObject parameter(String name, String database) {
        return new UnmanagedObject(
                PARAMETER,
                name,
                "set on the database by somebody else, and resetting it takes a superuser; left as it is. As one, run: ALTER DATABASE \"%s\" RESET \"%s\""
                        .formatted(database, name));
    }

    static UnmanagedObject role(String name) {
        return new UnmanagedObject(
                ROLE,
                name,
                "no longer asked for; left without login, because it owns something or holds rights in another database of the server. Hand that over or drop it there (REASSIGN OWNED, DROP OWNED), then run: DROP ROLE \"%s\""
                        .formatted(name));
    }

    /** Roles that could not be dropped when they were last tried. */
    static SequencedSet<String> roles(@Nullable Accepted before) {
        return before == null ? new LinkedHashSet<>() : known(before, ROLE);
    }

    /** What only a look inside the database can tell anew. */
    static List<UnmanagedObject> inside(Accepted before) {
        return before.unmanaged().stream()
                .filter(object -> Set.of(SCHEMA, EXTENSION).contains(object.kind()))
                .toList();
    }

    private static SequencedSet<String> known(Accepted before, String kind) {
        var names = new LinkedHashSet<String>();
        before.unmanaged().stream()
                .filter(object -> object.kind().equals(kind))
                .forEach(object -> names.add(object.name()));
        return names;
    }
}
