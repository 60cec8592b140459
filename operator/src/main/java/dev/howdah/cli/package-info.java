// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The verbs that only look: what holds, why, what would change, what may be asked for. No verb here writes anything. */
@NullMarked
package dev.howdah.cli;

import org.jspecify.annotations.NullMarked;
