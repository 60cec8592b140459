// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The door at which the API server asks: a claim that is about to be written gets the reconciler's verdict at once. */
@NullMarked
package dev.howdah.admission;

import org.jspecify.annotations.NullMarked;
