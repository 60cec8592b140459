// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

/** With a superuser, on the newest server. */
class RotationIT extends RotationCases {
    RotationIT() {
        super(18, true);
    }
}
