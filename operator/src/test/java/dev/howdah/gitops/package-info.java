// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What Argo CD and Flux make of our objects, told by their own libraries. */
@NullMarked
package dev.howdah.gitops;

import org.jspecify.annotations.NullMarked;
