// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With a superuser, on the version in between. */
@EnabledIfSystemProperty(
        named = "howdah.majors.all",
        matches = "true",
        disabledReason = "the oldest and the newest major are tried here, those between by `make majors`")
class RotationOn17IT extends RotationCases {
    RotationOn17IT() {
        super(17, true);
    }
}
