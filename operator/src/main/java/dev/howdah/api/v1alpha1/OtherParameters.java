// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

/** What a claim may do with parameters that no policy names. */
public enum OtherParameters {
    Allow,
    Deny
}
