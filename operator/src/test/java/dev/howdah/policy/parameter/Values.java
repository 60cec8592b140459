// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import dev.howdah.policy.parameter.ParameterValue.Fault;
import dev.howdah.policy.parameter.ParameterValue.Value;

/** Values as tests write them, of the newest major. */
final class Values {
    private Values() {}

    static Parameter parameter(String name) {
        return ParameterCatalog.of(18).find(name).orElseThrow();
    }

    static ParameterValue value(String name, String text) {
        return switch (ParameterValue.parse(parameter(name), text)) {
            case Value(var value) -> value;
            case Fault(var message) -> throw new AssertionError(message);
        };
    }

    static String fault(String name, String text) {
        return switch (ParameterValue.parse(parameter(name), text)) {
            case Value(var value) -> throw new AssertionError(text + " was read as " + value);
            case Fault(var message) -> message;
        };
    }
}
