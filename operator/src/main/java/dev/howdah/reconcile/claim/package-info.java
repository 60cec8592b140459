// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The DatabaseClaim kind: from a claim to a database and its Secrets, and back. */
@NullMarked
package dev.howdah.reconcile.claim;

import org.jspecify.annotations.NullMarked;
