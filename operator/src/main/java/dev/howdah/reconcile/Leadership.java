// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Who this process is among the operators that may lead.
 *
 * @param holder unique to this process
 * @param installation the cluster's identity: the UID of its {@code kube-system} namespace
 * @param term the Lease's transitions, asked of the API server; empty while another process holds it
 */
public record Leadership(String holder, String installation, Supplier<OptionalLong> term) {}
