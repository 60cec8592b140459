// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import io.javaoperatorsdk.operator.processing.event.ResourceID;

/** Asks for a reconciliation from outside the watched objects. */
public interface Triggers {
    void claim(ResourceID claim);

    void server(String name);

    /** The same, with a look at the server itself before. */
    void visit(String server);

    void databaseClass(String name);
}
