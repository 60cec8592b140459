// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

/** With an admin that may create databases and roles, where memberships have options. */
class RotationOn16IT extends RotationCases {
    RotationOn16IT() {
        super(16, false);
    }
}
