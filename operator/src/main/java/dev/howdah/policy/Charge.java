// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a database of a namespace is charged to the quotas there.
 *
 * @param claim the name of its claim
 * @param className {@code null} where it is not known yet: then every quota counts it
 * @param retained whether its claim is gone
 */
public record Charge(String claim, @Nullable String className, Demand demand, boolean retained) {}
