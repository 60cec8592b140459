// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom PostgreSQL runs, which refuses to run as root: as this user where that is not root, else in a user namespace
 * of its own where root has no name, else as the user nobody.
 */
enum PostgresUser {
    /** This user is not root. */
    SELF(),
    /** Root without its number; files stay root's. */
    NAMESPACE("unshare", "--user", "--"),
    /** Where containers forbid user namespaces; files must be handed over and binaries be readable. */
    NOBODY("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> prefix;

    PostgresUser(String... prefix) {
        this.prefix = List.of(prefix);
    }

    static PostgresUser ofThisProcess() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return SELF;
        }
        if (NAMESPACE.works()) {
            return NAMESPACE;
        }
        if (NOBODY.works()) {
            return NOBODY;
        }
        throw new UnavailableException("PostgreSQL does not run as root, and neither unshare nor setpriv works here:"
                + " install util-linux, or run as another user.");
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    private boolean works() {
        try {
            Process process = new ProcessBuilder(command(List.of("true")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
