// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code ./howdah demo}: everything at once on a developer's machine, with real parts. */
@NullMarked
package dev.howdah.demo;

import org.jspecify.annotations.NullMarked;
