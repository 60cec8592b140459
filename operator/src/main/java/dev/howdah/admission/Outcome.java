// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

/** What came of a review. */
public enum Outcome {
    /** Nothing to say. */
    Allowed,
    /** Goes through, with words. */
    Warned,
    Refused,
    /** Goes through because it could not be checked; the reconciler will. */
    Unchecked
}
