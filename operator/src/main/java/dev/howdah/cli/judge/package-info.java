// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The claims of a world, judged as the operator would. */
@NullMarked
package dev.howdah.cli.judge;

import org.jspecify.annotations.NullMarked;
