// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that says how an answer is shown, and the showing. */
public final class Output {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}. Default: table, at 80 columns.")
    private Format format = Format.TABLE;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec verb;

    /**
     * Shows an answer where the verb's answers go.
     *
     * @param answer a record, whose fields are what machines get
     * @param page what people get
     */
    public void print(Object answer, Supplier<Page> page) {
        var out = Objects.requireNonNull(verb).commandLine().getOut();
        out.print(
                switch (format) {
                    case TABLE -> page.get().toString();
                    case JSON -> Machine.json(answer);
                    case YAML -> Machine.yaml(answer);
                });
        out.flush();
    }
}
