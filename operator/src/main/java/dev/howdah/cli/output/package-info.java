// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How answers are shown: tables for people, JSON and YAML for machines. */
@NullMarked
package dev.howdah.cli.output;

import org.jspecify.annotations.NullMarked;
