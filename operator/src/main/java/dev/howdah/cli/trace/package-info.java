// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** From a claim to everything that it comes from and leads to. */
@NullMarked
package dev.howdah.cli.trace;

import org.jspecify.annotations.NullMarked;
