// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** Tests of the door, with a judge that is easy to foresee. */
@NullMarked
package dev.howdah.admission.certificate;

import org.jspecify.annotations.NullMarked;
