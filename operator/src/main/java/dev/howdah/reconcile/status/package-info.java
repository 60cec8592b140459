// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How an object's conditions and events come about; one way for all kinds. */
@NullMarked
package dev.howdah.reconcile.status;

import org.jspecify.annotations.NullMarked;
