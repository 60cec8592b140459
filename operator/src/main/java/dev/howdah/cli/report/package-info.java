// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** A file for whoever is asked for help. */
@NullMarked
package dev.howdah.cli.report;

import org.jspecify.annotations.NullMarked;
