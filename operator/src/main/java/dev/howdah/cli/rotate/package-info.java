// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** New passwords on request. */
@NullMarked
package dev.howdah.cli.rotate;

import org.jspecify.annotations.NullMarked;
