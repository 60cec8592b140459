// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The schema that users meet: as committed in {@code crds/}, and as a real API server enforces it. */
@NullMarked
package dev.howdah.api;

import org.jspecify.annotations.NullMarked;
