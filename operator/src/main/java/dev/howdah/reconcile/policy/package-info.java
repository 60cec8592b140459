// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Tells how policies and waivers stand. What they do happens when a claim is decided about. */
@NullMarked
package dev.howdah.reconcile.policy;

import org.jspecify.annotations.NullMarked;
