// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code howdah offer}. */
@NullMarked
package dev.howdah.cli.offer;

import org.jspecify.annotations.NullMarked;
