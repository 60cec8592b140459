// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What could be typed next. */
@NullMarked
package dev.howdah.cli.completion;

import org.jspecify.annotations.NullMarked;
