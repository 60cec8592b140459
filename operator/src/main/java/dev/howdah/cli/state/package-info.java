// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What conditions say, and what to do about it. */
@NullMarked
package dev.howdah.cli.state;

import org.jspecify.annotations.NullMarked;
