// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The policies and waivers there are, read once: what each limits and sets, and what is wrong with it. */
@NullMarked
package dev.howdah.policy.rulebook;

import org.jspecify.annotations.NullMarked;
