// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

/**
 * Where the operator is.
 *
 * @param webhook the ValidatingWebhookConfiguration
 */
record Installation(String namespace, String lease, String webhook, String serviceAccount) {}
