// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The PostgresServer kind: connecting, checking, sweeping. */
@NullMarked
package dev.howdah.reconcile.server;

import org.jspecify.annotations.NullMarked;
