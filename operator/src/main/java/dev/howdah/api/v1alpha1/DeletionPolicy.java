// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

/** What happens to the database when its claim is deleted. */
public enum DeletionPolicy {
    /** Logins are closed, the database stays. */
    Retain,
    /** As Retain at first; the database is dropped after the class's {@code retainFor}. */
    Delete
}
