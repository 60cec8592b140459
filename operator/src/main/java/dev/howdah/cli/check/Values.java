// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import dev.howdah.cli.judge.Chains;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.List;
import java.util.Optional;

/** Compares what is expected of a value with what it is: as values, not as texts. */
final class Values {
    private static final String PARAMETERS = "parameters.";

    private Values() {}

    /** What is otherwise; empty when nothing is. An empty expectation means that nobody sets the value. */
    static Optional<String> difference(Judged judged, String path, Optional<String> expected) {
        try {
            return Chains.of(judged, path)
                    .map(chain -> difference(judged, path, chain, expected))
                    .orElseGet(() -> Optional.of("%s: cannot be told, the claim has no class".formatted(path)));
        } catch (CannotRun e) {
            return Optional.of("%s: %s".formatted(path, e.getMessage()));
        }
    }

    private static Optional<String> difference(
            Judged judged, String path, ValueChain chain, Optional<String> expected) {
        var link = chain.inForce();
        if (link.isEmpty()) {
            return expected.map(value -> "%s: expected %s, but nobody sets it".formatted(path, value));
        }
        var is = "is %s (%s)".formatted(link.get().value(), link.get().source().text());
        if (expected.isEmpty()) {
            return Optional.of("%s: expected not to be set, %s".formatted(path, is));
        }
        try {
            return same(judged, chain.path(), expected.get(), link.get().value())
                    ? Optional.empty()
                    : Optional.of("%s: expected %s, %s".formatted(path, expected.get(), is));
        } catch (IllegalArgumentException e) {
            return Optional.of("%s: %s".formatted(path, e.getMessage()));
        }
    }

    private static boolean same(Judged judged, String path, String expected, String actual) {
        if (path.equals("storage")) {
            return StorageText.parse(expected) == StorageText.parse(actual);
        }
        if (path.startsWith(PARAMETERS)) {
            var major = judged.merged().orElseThrow().claim().majorVersion();
            var parameter = ParameterCatalog.findInAny(
                    ParameterCatalog.majors().contains(major) ? List.of(major) : ParameterCatalog.majors(),
                    path.substring(PARAMETERS.length()));
            return parameter.isPresent()
                    && value(parameter.get(), expected).compareTo(value(parameter.get(), actual)) == 0;
        }
        return expected.equals(actual);
    }

    private static ParameterValue value(Parameter parameter, String text) {
        return switch (ParameterValue.parse(parameter, text)) {
            case ParameterValue.Value(var value) -> value;
            case ParameterValue.Fault(var message) -> throw new IllegalArgumentException(message);
        };
    }
}
