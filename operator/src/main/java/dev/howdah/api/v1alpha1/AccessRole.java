// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

/** What a login may do with the database; see the rights matrix in the documentation. */
public enum AccessRole {
    Owner,
    ReadWrite,
    ReadOnly
}
