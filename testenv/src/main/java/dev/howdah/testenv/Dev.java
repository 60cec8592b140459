// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code ./howdah dev}: a control plane and PostgreSQL to play with, until Ctrl-C. */
public final class Dev {
    private static final String USAGE = "usage: howdah dev [--postgres 18[,17,16,15]]";

    private Dev() {}

    /** Starts everything, prints how to reach it and stays; without a terminal until standard input ends, if it has any. */
    public static void main(String[] arguments) {
        List<Integer> majors = List.of();
        try {
            majors = majors(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            run(majors, System.out, Progress.onStandardError(), Stay.fromNow());
        } catch (UnavailableException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** The majors asked for; PostgreSQL 18 when none is. */
    static List<Integer> majors(List<String> arguments) {
        var majors = new ArrayList<Integer>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String value;
            if (argument.startsWith("--postgres=")) {
                value = argument.substring("--postgres=".length());
            } else if (argument.equals("--postgres") && i + 1 < arguments.size()) {
                value = arguments.get(++i);
            } else {
                throw new IllegalArgumentException("unknown or incomplete argument: " + argument);
            }
            for (String major : value.split(",", -1)) {
                try {
                    majors.add(Integer.valueOf(major.strip()));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("not a PostgreSQL major version: " + major, e);
                }
                if (!PostgresBinaries.MAJORS.contains(majors.getLast())) {
                    throw new IllegalArgumentException("no PostgreSQL " + major + " here, only 15, 16, 17 and 18");
                }
            }
        }
        return majors.isEmpty() ? List.of(18) : majors.stream().distinct().toList();
    }

    private static void run(List<Integer> majors, PrintStream out, Progress progress, Stay stay) {
        var controlPlane = TestEnvironment.controlPlane(progress);
        out.println("export KUBECONFIG=" + quoted(controlPlane.kubeconfig().toString()));
        if (controlPlane.hasKubectl()) {
            out.println(quoted(controlPlane.kubectl().toString()) + " get namespaces");
        }
        for (int major : majors) {
            var postgres = TestEnvironment.postgres(PostgresOptions.major(major), progress);
            out.println("PGPASSWORD=" + postgres.superuserPassword() + " psql -h " + postgres.host() + " -p "
                    + postgres.port() + " -U " + postgres.superuser() + " postgres   # PostgreSQL " + major);
        }
        out.flush();
        stay.untilTold(progress);
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
