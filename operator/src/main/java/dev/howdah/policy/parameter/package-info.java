// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** PostgreSQL's own parameters: what they are, what a value of them means, and what a policy allows of them. */
@NullMarked
package dev.howdah.policy.parameter;

import org.jspecify.annotations.NullMarked;
