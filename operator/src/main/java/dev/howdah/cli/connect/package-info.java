// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How an application gets to its database. */
@NullMarked
package dev.howdah.cli.connect;

import org.jspecify.annotations.NullMarked;
