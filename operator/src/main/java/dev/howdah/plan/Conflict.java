// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.Reason;

/** Something on the server stands in the way and is not ours to change. */
public record Conflict(Reason reason, String message) {}
