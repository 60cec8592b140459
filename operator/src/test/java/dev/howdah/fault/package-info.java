// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What goes wrong on bad days, made to go wrong: the operator is halted at every exchange, its servers fail in every known
 * way, and its objects are edited at random. After each, the same invariants hold.
 */
@NullMarked
package dev.howdah.fault;

import org.jspecify.annotations.NullMarked;
