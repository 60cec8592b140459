// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.policy.Accepted;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** What a claim asked for once and no longer does. It may hold data, so it is told of rather than taken away. */
final class Unmanaged {
    private static final String SCHEMA = "Schema";
    private static final String EXTENSION = "Extension";

    private Unmanaged() {}

    static SequencedSet<String> schemasNoLongerAsked(Desired desired, Accepted before) {
        var names = new LinkedHashSet<>(before.claim().schemas());
        names.addAll(known(before, SCHEMA));
        names.removeAll(desired.claim().schemas());
        return names;
    }

    static SequencedSet<String> extensionsNoLongerAsked(Desired desired, Accepted before) {
        var names = new LinkedHashSet<>(
                desired.server().extensions().withRequired(before.claim().extensions()));
        names.addAll(known(before, EXTENSION));
        names.removeAll(Planner.wantedExtensions(desired));
        return names;
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
                "no longer asked for; left because it holds rows or something depends on it. Remove what uses it, or list it in `spec.extensions` again");
    }

    private static SequencedSet<String> known(Accepted before, String kind) {
        var names = new LinkedHashSet<String>();
        before.unmanaged().stream()
                .filter(object -> object.kind().equals(kind))
                .forEach(object -> names.add(object.name()));
        return names;
    }
}
