// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import picocli.CommandLine;

/** The way in, of the operator and of the command line alike. */
@QuarkusMain
public class Main implements QuarkusApplication {
    static final int COULD_NOT_RUN = 2;

    @Inject
    CommandLine.IFactory factory;

    public static void main(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            // A verb that only prints opens no port and says nothing of itself.
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.management.host-enabled", "false");
            System.setProperty("quarkus.log.level", "WARN");
        }
        Quarkus.run(Main.class, arguments);
    }

    @Override
    public int run(String... arguments) {
        var line = new CommandLine(new HowdahCommand(), factory);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("howdah: " + firstLine(e));
            return COULD_NOT_RUN;
        });
        return line.execute(arguments);
    }

    /** What lies at the bottom of an error, in one line. */
    static String firstLine(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        var message = deepest.getMessage();
        return message == null || message.isBlank()
                ? deepest.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
