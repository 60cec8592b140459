// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/**
 * The rules every claim is held to, in the order in which their findings are told. What the CRD's schema says is said
 * here again where a claim that slipped past it could do harm. A new rule is one file and one line.
 */
public final class Rules {
    public static final List<Rule> ALL = List.of(
            new NameCanBeMade(),
            new ClassIsFixed(),
            new ClassIsAllowed(),
            new MajorVersionIsFixed(),
            new MajorVersionIsOffered(),
            new MajorVersionIsAllowed(),
            new SchemasAreFree(),
            new AccessIsWellFormed(),
            new AccessRolesAreAllowed(),
            new DeletionPolicyIsAllowed(),
            new ParametersAreKnown(),
            new ParametersAreAllowed(),
            new ParametersAreInRange(),
            new ServerCanSetParameters(),
            new ExtensionsAreAllowed(),
            new ExtensionsAreNotRetired(),
            new ExtensionsAreAvailable(),
            new ExtensionVersionsOnlyRise(),
            new ExtensionUpdatesHaveAPath(),
            new StorageIsInRange(),
            new ConnectionsAreInRange(),
            new QuotaHolds());

    private Rules() {}

    /** Every rule is asked, so that a refusal names all faults at once. */
    public static List<Violation> check(Subject subject, Merged merged) {
        return ALL.stream()
                .flatMap(rule -> rule.check(subject, merged).stream())
                .toList();
    }
}
