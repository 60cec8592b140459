// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The DatabaseClass kind. */
@NullMarked
package dev.howdah.reconcile.offer;

import org.jspecify.annotations.NullMarked;
