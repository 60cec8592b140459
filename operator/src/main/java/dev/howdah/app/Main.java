// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.Verbs;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import picocli.CommandLine;

/**
 * The way in, of the operator and of the command line alike. Only {@code run} starts the framework; the other verbs are
 * plain Java, so that they answer at once and open no port.
 */
@QuarkusMain
public class Main implements QuarkusApplication {
    @Inject
    CommandLine.IFactory factory;

    public static void main(String... arguments) {
        if (arguments.length > 0 && arguments[0].equals("run")) {
            Quarkus.run(Main.class, arguments);
        } else {
            // What a library says while it looks for a cluster is no answer.
            System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
            System.exit(line(CommandLine.defaultFactory()).execute(arguments));
        }
    }

    @Override
    public int run(String... arguments) {
        return line(factory).execute(arguments);
    }

    private static CommandLine line(CommandLine.IFactory others) {
        return Verbs.line(new HowdahCommand(), new Verbs(Outside.surroundings(), others));
    }
}
