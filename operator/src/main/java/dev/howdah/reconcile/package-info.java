// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Reconciling: what the kinds' rooms share. */
@NullMarked
package dev.howdah.reconcile;

import org.jspecify.annotations.NullMarked;
