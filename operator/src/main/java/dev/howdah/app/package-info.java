// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Wiring: configuration, clock, randomness, health, metrics, start and stop. */
@NullMarked
package dev.howdah.app;

import org.jspecify.annotations.NullMarked;
