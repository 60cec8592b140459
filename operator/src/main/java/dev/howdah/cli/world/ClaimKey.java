// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which claim is meant. */
public record ClaimKey(String namespace, String name) {
    /**
     * As it is written on the command line.
     *
     * @param text {@code namespace/name}; the name alone will do where a namespace is given
     * @throws CannotRun when it is neither
     */
    public static ClaimKey of(String text, @Nullable String namespace) {
        var slash = text.indexOf('/');
        if (slash < 0 && namespace != null && !text.isEmpty()) {
            return new ClaimKey(namespace, text);
        }
        if (slash < 1 || slash != text.lastIndexOf('/') || slash == text.length() - 1) {
            throw new CannotRun("\"%s\" is not a claim: write <namespace>/<name>".formatted(text));
        }
        if (namespace != null && !namespace.equals(text.substring(0, slash))) {
            throw new CannotRun(
                    "\"%s\" is not in namespace \"%s\": leave one of the two out".formatted(text, namespace));
        }
        return new ClaimKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The same, but that this namespace holds where neither says one. */
    public static ClaimKey of(String text, @Nullable String namespace, Supplier<String> otherwise) {
        return of(text, namespace == null && !text.isEmpty() && text.indexOf('/') < 0 ? otherwise.get() : namespace);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
