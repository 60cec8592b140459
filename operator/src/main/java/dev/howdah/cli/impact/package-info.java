// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code howdah impact}. */
@NullMarked
package dev.howdah.cli.impact;

import org.jspecify.annotations.NullMarked;
