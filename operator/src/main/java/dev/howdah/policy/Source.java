// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import org.jspecify.annotations.Nullable;

/**
 * Who set a value.
 *
 * @param name of the policy or class, {@code null} for the others
 */
public record Source(Layer layer, @Nullable String name) {
    public static final Source BUILT_IN = new Source(Layer.BuiltIn, null);
    public static final Source CLAIM = new Source(Layer.Claim, null);

    /** How a value comes about, lowest to highest. */
    public enum Layer {
        BuiltIn,
        PolicyDefault,
        Class,
        Claim,
        PolicyOverride
    }

    public static Source ofClass(String name) {
        return new Source(Layer.Class, name);
    }

    /** As status and command line name it, such as {@code DatabasePolicy/baseline}. */
    public String text() {
        return switch (layer) {
            case BuiltIn -> "built-in";
            case Claim -> "DatabaseClaim";
            case Class -> "DatabaseClass/" + name;
            case PolicyDefault, PolicyOverride -> "DatabasePolicy/" + name;
        };
    }
}
