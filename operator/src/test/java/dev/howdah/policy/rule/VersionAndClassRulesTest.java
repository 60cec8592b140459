// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import org.junit.jupiter.api.Test;

class VersionAndClassRulesTest {
    @Test
    void a_version_the_class_offers() {
        holds(Guards.NONE, "majorVersion: 17");
        broken(
                Guards.NONE,
                "majorVersion: 16",
                Reason.VersionNotOffered,
                "majorVersion",
                "`majorVersion`: class \"standard\" offers [17, 18], not 16; choose one of these or another class");
    }

    @Test
    void a_version_that_is_not_known_here() {
        broken(
                Guards.ofClass("majorVersions: [19]"),
                "{}",
                Reason.VersionNotOffered,
                "majorVersion",
                "offers 19, which this operator does not support, only 15, 16, 17, 18");
    }

    @Test
    void a_version_the_policies_allow() {
        var guards = Guards.policy("old", "limits: {majorVersions: [17]}");
        holds(guards, "majorVersion: 17");
        broken(
                guards,
                "majorVersion: 18",
                Reason.VersionNotOffered,
                "majorVersion",
                "`majorVersion`: 18 is not allowed here, must be one of: 17 (policy \"old\"); choose one of these that class "
                        + "\"standard\" offers (17, 18), or ask for a waiver");
    }

    @Test
    void a_class_the_policies_allow() {
        holds(Guards.policy("classes", "limits: {classNames: [standard]}"), "{}");
        var guards = Guards.policy("classes", "limits: {classNames: [large, small]}");
        broken(
                guards,
                "className: standard",
                Reason.ValueOutOfRange,
                "className",
                "`className`: \"standard\" is not allowed here, must be one of: large, small (policy \"classes\"); set "
                        + "`className` to one of these, or ask for a waiver");
        broken(guards, "{}", Reason.ValueOutOfRange, "className", "\"standard\", the default, is not allowed here");
    }

    @Test
    void what_is_fixed_once_bound() {
        var bound = Guards.NONE.bound("{}");
        holds(bound, "{className: standard, majorVersion: 18}");
        broken(
                bound,
                "className: other",
                Reason.FieldImmutable,
                "className",
                "made in class \"standard\" and cannot move to \"other\"",
                "set it back");
        broken(
                bound,
                "majorVersion: 17",
                Reason.FieldImmutable,
                "majorVersion",
                "made for PostgreSQL 18 and cannot move to 17",
                "set it back");
    }

    @Test
    void a_bound_claim_keeps_a_class_and_a_version_that_are_not_allowed_any_more() {
        var bound = Guards.NONE.bound("majorVersion: 17");
        holds(bound.and("new", "limits: {majorVersions: [18], classNames: [large]}"), "majorVersion: 17");
        holds(bound.withClass("majorVersions: [18]"), "{majorVersion: 17, connections: 5}");
    }

    @Test
    void schemas_that_are_reserved() {
        holds(Guards.NONE, "schemas: [public, audit]");
        for (var schema : new String[] {"pg_mine", "information_schema", "extensions", "howdah"}) {
            broken(
                    Guards.NONE,
                    "schemas: [public, " + schema + "]",
                    Reason.InvalidSpec,
                    "schemas",
                    "`schemas`: \"" + schema + "\" is reserved",
                    "choose another name");
        }
    }

    @Test
    void what_happens_at_deletion() {
        var guards = Guards.policy("keep", "limits: {deletionPolicies: [Retain]}");
        holds(guards, "deletionPolicy: Retain");
        holds(guards, "{}");
        broken(
                guards,
                "deletionPolicy: Delete",
                Reason.DeletionPolicyNotAllowed,
                "deletionPolicy",
                "`deletionPolicy`: Delete is not allowed here, must be one of: Retain (policy \"keep\"); set one of these, leave "
                        + "it out, or ask for a waiver");
    }
}
