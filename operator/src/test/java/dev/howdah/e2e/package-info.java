// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** A small suite that knows no class of the operator: kubectl, the Kubernetes API and SQL, in any cluster that has Howdah. */
@NullMarked
package dev.howdah.e2e;

import org.jspecify.annotations.NullMarked;
