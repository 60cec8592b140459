// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The rules a claim is held to, one file each; the chain is in Rules. */
@NullMarked
package dev.howdah.policy.rule;

import org.jspecify.annotations.NullMarked;
