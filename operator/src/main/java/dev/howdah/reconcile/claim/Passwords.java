// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

/** New passwords: 32 characters that need no escaping in a URL. {@code app} gives the randomness. */
@FunctionalInterface
public interface Passwords {
    String next();
}
