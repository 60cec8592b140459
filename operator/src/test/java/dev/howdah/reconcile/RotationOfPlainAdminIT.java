// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

/** With an admin that may create databases and roles, on the oldest server. */
class RotationOfPlainAdminIT extends RotationCases {
    RotationOfPlainAdminIT() {
        super(15, false);
    }
}
