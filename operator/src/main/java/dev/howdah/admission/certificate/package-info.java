// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The certificate the webhook is served with: made, kept in a Secret and replaced by the operator itself. */
@NullMarked
package dev.howdah.admission.certificate;

import org.jspecify.annotations.NullMarked;
