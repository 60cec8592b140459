// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option that says how an answer is shown, and the showing. */
public final class Output {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}. Default: table, at 80 columns.")
    private Format format = Format.TABLE;

    /**
     * Shows an answer.
     *
     * @param answer a record, whose fields are what machines get
     * @param page what people get
     */
    public void print(PrintWriter out, Object answer, Supplier<Page> page) {
        out.print(
                switch (format) {
                    case TABLE -> page.get().toString();
                    case JSON -> Machine.json(answer);
                    case YAML -> Machine.yaml(answer);
                });
        out.flush();
    }
}
