// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.api.v1alpha1.PostgresServerSpec.PasswordMode;

/** Passwords that the server hashes, where it can be seen what it made of them. */
class RotationByServerIT extends RotationCases {
    RotationByServerIT() {
        super(18, true, PasswordMode.Server);
    }
}
