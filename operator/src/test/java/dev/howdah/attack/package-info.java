// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a team may try with the login that its Secret gives it, on every major and with both kinds of admin. Each attack
 * has its control: on the naive layout it must succeed, or the test of it proves nothing.
 */
@org.jspecify.annotations.NullMarked
package dev.howdah.attack;
