// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With an admin that may create databases and roles, where memberships have options. */
@EnabledIfSystemProperty(
        named = "howdah.majors.all",
        matches = "true",
        disabledReason = "the oldest and the newest major are tried here, those between by `make majors`")
class RotationOn16IT extends RotationCases {
    RotationOn16IT() {
        super(16, false);
    }
}
