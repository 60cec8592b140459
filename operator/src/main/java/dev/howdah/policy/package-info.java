// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What a claim comes to: defaults merged, rules checked, a server chosen. Pure functions, no I/O, no clock. */
@NullMarked
package dev.howdah.policy;

import org.jspecify.annotations.NullMarked;
