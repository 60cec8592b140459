// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

/** With a superuser, on the version in between. */
class RotationOn17IT extends RotationCases {
    RotationOn17IT() {
        super(17, true);
    }
}
