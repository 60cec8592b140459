// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The objects there are, read from files or from a cluster. */
@NullMarked
package dev.howdah.cli.world;

import org.jspecify.annotations.NullMarked;
