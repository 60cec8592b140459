// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The kinds of {@code howdah.dev/v1alpha1}: what teams and DBAs write, and what they read back. */
@NullMarked
package dev.howdah.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
