// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

/** The inside of a PostgreSQL server: catalogs read, steps rendered to SQL and executed, the ledger kept. */
@NullMarked
package dev.howdah.postgres;

import org.jspecify.annotations.NullMarked;
