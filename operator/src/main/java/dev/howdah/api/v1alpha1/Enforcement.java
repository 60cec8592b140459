// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

/** What a policy does about a claim that breaks it. */
public enum Enforcement {
    /** Counts and reports; nothing else. */
    Audit,
    /** Lets it through and says so, to whoever applies it and in the claim. */
    Warn,
    /** Refuses it. */
    Enforce
}
