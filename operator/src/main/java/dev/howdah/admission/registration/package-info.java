// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** How the API server learns of the webhook. */
@NullMarked
package dev.howdah.admission.registration;

import org.jspecify.annotations.NullMarked;
