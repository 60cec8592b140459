// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Where a server comes from and how to reach it. */
@NullMarked
package dev.howdah.engine;

import org.jspecify.annotations.NullMarked;
