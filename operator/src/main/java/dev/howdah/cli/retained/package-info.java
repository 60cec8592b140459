// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What is kept without a claim, why, and until when. */
@NullMarked
package dev.howdah.cli.retained;

import org.jspecify.annotations.NullMarked;
