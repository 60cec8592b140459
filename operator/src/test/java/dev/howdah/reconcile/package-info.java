// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The operator against a real API server and real PostgreSQL. */
@NullMarked
package dev.howdah.reconcile;

import org.jspecify.annotations.NullMarked;
