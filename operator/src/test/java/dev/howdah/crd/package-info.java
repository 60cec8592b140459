// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
/** Whether what works with the CRDs of the last release works with these. */
@NullMarked
package dev.howdah.crd;

import org.jspecify.annotations.NullMarked;
