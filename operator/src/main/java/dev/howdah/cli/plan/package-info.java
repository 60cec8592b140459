// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What the operator would do for a claim. */
@NullMarked
package dev.howdah.cli.plan;

import org.jspecify.annotations.NullMarked;
