// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** {@code howdah test}. */
@NullMarked
package dev.howdah.cli.check;

import org.jspecify.annotations.NullMarked;
