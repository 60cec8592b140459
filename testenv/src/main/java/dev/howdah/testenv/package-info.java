// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A real Kubernetes API server and real PostgreSQL servers, without containers and with or without root, for tests, the
 * demo and {@code ./howdah dev}. A development tool: the operator never depends on it. {@link
 * dev.howdah.testenv.TestEnvironment} is the way in.
 */
@NullMarked
package dev.howdah.testenv;

import org.jspecify.annotations.NullMarked;
