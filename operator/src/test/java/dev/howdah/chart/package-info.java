// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The Helm chart: rendered without a cluster, installed in a real API server, and its roles as those of the operator. */
@NullMarked
package dev.howdah.chart;

import org.jspecify.annotations.NullMarked;
