// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** What the operator must be allowed at the API server. */
@NullMarked
package dev.howdah.api.rights;

import org.jspecify.annotations.NullMarked;
