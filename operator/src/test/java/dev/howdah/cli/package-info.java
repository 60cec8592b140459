// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The verbs, as a person or a build server meets them. */
@NullMarked
package dev.howdah.cli;

import org.jspecify.annotations.NullMarked;
