// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Builds the operator's image from what Maven has packaged: without Docker, and the same again from the same sources. */
@NullMarked
package dev.howdah.image;

import org.jspecify.annotations.NullMarked;
