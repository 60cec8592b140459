// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.Reason;

/**
 * One way in which a spec breaks a rule.
 *
 * @param path the field, as in {@code spec.majorVersion}
 * @param message what happened, which rule, what is allowed, what to do
 */
public record Violation(Reason reason, String path, String message) {}
