// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

/** The two kinds of admins the operator works with. */
enum AdminKind {
    SUPERUSER,
    /** {@code LOGIN CREATEDB CREATEROLE}, as managed services give it. */
    PLAIN
}
