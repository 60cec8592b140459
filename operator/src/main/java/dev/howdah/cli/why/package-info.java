// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code howdah why}. */
@NullMarked
package dev.howdah.cli.why;

import org.jspecify.annotations.NullMarked;
