// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.impact;

/** How a claim would fare. */
enum Outcome {
    /** It is agreed to now and would be refused. */
    Denied,
    /** It goes on, and a rule of a policy in Enforce or Warn would be broken that is not broken now. */
    NoLongerComplies,
    /** It is refused now, and would be for something else. */
    StillRefused,
    /** It is refused now and would be agreed to. */
    Accepted,
    /** It goes on and would break fewer rules. */
    CompliesBetter,
    /** A policy in Audit would mind something. */
    Noted,
    /** Only values would be otherwise. */
    Changes
}
