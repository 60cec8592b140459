// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code howdah extensions}: who uses which extension, in which version, and whether that is still allowed. */
@NullMarked
package dev.howdah.cli.usage;

import org.jspecify.annotations.NullMarked;
