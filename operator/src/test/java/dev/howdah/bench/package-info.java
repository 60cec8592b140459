// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What {@code make bench} measures with, and the page it writes. */
@NullMarked
package dev.howdah.bench;

import org.jspecify.annotations.NullMarked;
