// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.api.v1alpha1.PostgresServerSpec.PasswordMode;

/** Passwords that the server hashes, with an admin like that of a managed service. */
class RotationByManagedServerIT extends RotationCases {
    RotationByManagedServerIT() {
        super(16, false, PasswordMode.Server);
    }
}
