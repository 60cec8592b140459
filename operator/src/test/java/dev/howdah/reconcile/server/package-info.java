// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Pure tests of what is said and written. */
@NullMarked
package dev.howdah.reconcile.server;

import org.jspecify.annotations.NullMarked;
