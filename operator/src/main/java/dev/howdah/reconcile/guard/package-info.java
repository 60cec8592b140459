// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The policies and waivers of the cluster as claims are held to them, and what came of it for each claim. */
@NullMarked
package dev.howdah.reconcile.guard;

import org.jspecify.annotations.NullMarked;
