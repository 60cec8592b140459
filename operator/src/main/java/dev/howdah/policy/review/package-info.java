// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The way in: a claim and everything that has a say, to a verdict. */
@NullMarked
package dev.howdah.policy.review;

import org.jspecify.annotations.NullMarked;
