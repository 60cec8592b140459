// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

@NullMarked
package dev.howdah.cli.state;

import org.jspecify.annotations.NullMarked;
