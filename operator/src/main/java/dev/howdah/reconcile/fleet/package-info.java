// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The servers as the operator knows them: sessions, ledgers in memory, who waits for what. */
@NullMarked
package dev.howdah.reconcile.fleet;

import org.jspecify.annotations.NullMarked;
