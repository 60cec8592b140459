// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How claims and servers are, and what to do where that is not as it should be. */
@NullMarked
package dev.howdah.cli.status;

import org.jspecify.annotations.NullMarked;
