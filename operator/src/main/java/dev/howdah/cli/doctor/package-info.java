// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Whether an installation and its servers are in order. */
@NullMarked
package dev.howdah.cli.doctor;

import org.jspecify.annotations.NullMarked;
