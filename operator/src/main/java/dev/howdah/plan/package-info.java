// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** From what should be and what is to the ordered steps between them. Pure; prints, journals and executes alike. */
@NullMarked
package dev.howdah.plan;

import org.jspecify.annotations.NullMarked;
