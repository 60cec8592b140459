// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

/**
 * What is wrong with an object in a file: the API server would refuse it, or would drop a part of it.
 *
 * @param subject the object, such as {@code DatabaseClaim shop/orders}
 * @param path the field
 * @param message what is wrong and what to do; names the field
 */
public record Fault(String file, int line, int document, String subject, String path, String message) {
    public String text() {
        return "%s:%d: document %d, %s: %s".formatted(file, line, document, subject, message);
    }
}
