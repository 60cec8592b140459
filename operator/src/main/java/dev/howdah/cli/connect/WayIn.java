// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.connect;

import dev.howdah.cli.world.CannotRun;
import org.jspecify.annotations.Nullable;

/**
 * Where a login is tried.
 *
 * @param host as an application has it, or the near end of a forwarded port
 */
record WayIn(String host, int port) {
    private static final int HIGHEST = 65_535;
    private static final int FORWARDED = 15_432;

    /** @throws CannotRun when it is no host with a port */
    static WayIn of(String text) {
        var colon = text.lastIndexOf(':');
        var host = colon < 1 ? "" : text.substring(0, colon);
        var port = port(text.substring(colon + 1));
        if (host.isEmpty() || port == null) {
            throw new CannotRun(
                    "--via: \"%s\" is not an address: write <host>:<port>, such as localhost:15432".formatted(text));
        }
        return new WayIn(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host, port);
    }

    static @Nullable Integer port(String text) {
        try {
            var port = Integer.parseInt(text);
            return port < 1 || port > HIGHEST ? null : port;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** How to get at what only the cluster reaches. */
    String detour(String claim) {
        var parts = host.split("\\.");
        var inCluster = parts.length >= 3 && parts[2].equals("svc");
        return inCluster
                ? "It is a Service of the cluster: in another terminal run `kubectl port-forward -n %s svc/%s %d:%d`, then `howdah connect %s --via localhost:%d`"
                        .formatted(parts[1], parts[0], FORWARDED, port, claim, FORWARDED)
                : "From a pod of the cluster it may well be reached. Where a way leads there, such as `kubectl port-forward` to a pod that forwards, or `ssh -L %d:%s bastion`, run `howdah connect %s --via localhost:%d`"
                        .formatted(FORWARDED, this, claim, FORWARDED);
    }
}
