// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    @Test
    void names_and_one_binding() {
        holds(Guards.NONE, "access: [{name: a, role: Owner}]");
        holds(Guards.NONE, "access: [{name: a, role: Owner, binding: true}, {name: b, role: ReadOnly}]");
        broken(Guards.NONE, "access: []", Reason.InvalidSpec, "access", "needs at least one entry", "or leave it out");
        broken(
                Guards.NONE,
                "access: [{name: a, role: Owner, binding: true}, {name: a, role: ReadOnly}]",
                Reason.InvalidSpec,
                "access",
                "a name of its own");
        broken(
                Guards.NONE,
                "access: [{name: a, role: Owner}, {name: b, role: ReadOnly}]",
                Reason.InvalidSpec,
                "access",
                "exactly one must have binding: true, 0 have");
        broken(
                Guards.NONE,
                "access: [{name: a, role: Owner, binding: true}, {name: b, role: ReadOnly, binding: true}]",
                Reason.InvalidSpec,
                "access",
                "exactly one must have binding: true, 2 have");
    }

    @Test
    void roles_that_the_policies_allow() {
        var guards = Guards.policy("roles", "limits: {accessRoles: [ReadWrite, ReadOnly]}");
        holds(guards, "access: [{name: a, role: ReadWrite}]");
        broken(
                guards,
                "access: [{name: a, role: Owner}]",
                Reason.RoleNotAllowed,
                "access.a",
                "`access`: login \"a\" has role Owner, must be one of: ReadWrite, ReadOnly (policy \"roles\"); choose one of "
                        + "these, or ask for a waiver");
        broken(
                guards,
                "{}",
                Reason.RoleNotAllowed,
                "access.app",
                "login \"app\" has role Owner",
                "list the logins you need with one of these");
    }
}
