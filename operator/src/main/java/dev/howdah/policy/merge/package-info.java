// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How the values of a claim come about: built-in, policy defaults, class, claim, policy overrides. */
@NullMarked
package dev.howdah.policy.merge;

import org.jspecify.annotations.NullMarked;
