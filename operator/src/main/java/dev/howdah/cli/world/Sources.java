// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where the objects come from. */
public final class Sources {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description =
                    "A file or folder with the objects, instead of the cluster of KUBECONFIG; - is standard input. May be repeated.")
    private List<String> files = new ArrayList<>();

    /**
     * The objects of the files, or of the cluster where no file is named.
     *
     * @param namespace whose claims are of interest; all where none is given
     */
    public World read(Surroundings surroundings, @Nullable String namespace) {
        return world(surroundings, client -> WorldCluster.read(client, namespace));
    }

    /** The claims of the namespace alone where a cluster is asked, which takes no right beyond it. */
    public World claims(Surroundings surroundings, String namespace) {
        return world(surroundings, client -> WorldCluster.claims(client, namespace));
    }

    /** The claims of the namespace, with the servers as far as this user may see them. */
    public World claimsAndServers(Surroundings surroundings, String namespace) {
        return world(surroundings, client -> WorldCluster.claimsAndServers(client, namespace));
    }

    private World world(Surroundings surroundings, Function<KubernetesClient, World> ofCluster) {
        if (fromFiles()) {
            return WorldFiles.read(files, surroundings.in());
        }
        try (var client = surroundings.cluster().get()) {
            return ofCluster.apply(client);
        }
    }

    /** That of the context in KUBECONFIG. */
    public static String namespace(Surroundings surroundings) {
        try (var client = surroundings.cluster().get()) {
            var named = client.getNamespace();
            return named == null || named.isEmpty() ? "default" : named;
        }
    }

    /** Whether files were named, so that no cluster is asked. */
    public boolean fromFiles() {
        return !files.isEmpty();
    }

    /** The objects of the cluster; those of every namespace where none is given. */
    public static World cluster(Surroundings surroundings, @Nullable String namespace) {
        try (var client = surroundings.cluster().get()) {
            return WorldCluster.read(client, namespace);
        }
    }
}
