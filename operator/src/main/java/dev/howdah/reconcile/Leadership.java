// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import java.util.function.LongSupplier;

/**
 * Who this process is among the operators that may lead.
 *
 * @param holder unique to this process
 * @param installation the cluster's identity: the UID of its {@code kube-system} namespace
 * @param transitions of the Lease, as of the time this process took it
 */
public record Leadership(String holder, String installation, LongSupplier transitions) {}
