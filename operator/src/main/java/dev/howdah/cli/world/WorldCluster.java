// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads worlds from a cluster. Only reads. */
public final class WorldCluster {
    private static final Pattern USER = Pattern.compile("User \\\\?\"([^\"'\\\\]+)\\\\?\" cannot");

    private final KubernetesClient client;
    private final List<String> notes = new ArrayList<>();

    private WorldCluster(KubernetesClient client) {
        this.client = client;
    }

    /**
     * All objects that have a say.
     *
     * @param namespace whose claims are of interest, {@code null} for every namespace
     * @throws CannotRun when the cluster does not answer or does not let this user look
     */
    public static World read(KubernetesClient client, @Nullable String namespace) {
        return new WorldCluster(client).world(namespace);
    }

    /** The claims of a namespace and nothing else, for who only asks about them. */
    public static World claims(KubernetesClient client, String namespace) {
        return claims(new WorldCluster(client).claims(namespace), new TreeMap<>(), List.of());
    }

    /** The claims of a namespace, and the servers as far as this user may see them. */
    public static World claimsAndServers(KubernetesClient client, String namespace) {
        var cluster = new WorldCluster(client);
        var claims = cluster.claims(namespace);
        return claims(claims, cluster.servers(), cluster.notes);
    }

    private static World claims(
            SortedMap<String, DatabaseClaim> claims, SortedMap<String, PostgresServer> servers, List<String> notes) {
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                servers,
                claims,
                new TreeMap<>(),
                Map.of(),
                List.of(),
                notes);
    }

    private SortedMap<String, DatabaseClaim> claims(@Nullable String namespace) {
        var claims = new TreeMap<String, DatabaseClaim>();
        list(DatabaseClaim.class, namespace)
                .forEach(claim -> claims.put(
                        claim.getMetadata().getNamespace() + "/"
                                + claim.getMetadata().getName(),
                        claim));
        return claims;
    }

    private World world(@Nullable String namespace) {
        var claims = claims(namespace);
        return new World(
                byName(list(DatabaseClass.class, null)),
                byName(list(DatabasePolicy.class, null)),
                byName(list(DatabaseWaiver.class, null)),
                servers(),
                claims,
                namespace == null ? namespaces() : namespace(namespace),
                Map.of(),
                List.of(),
                notes);
    }

    /** Teams need not see the servers; without them only less is known. */
    private SortedMap<String, PostgresServer> servers() {
        try {
            return byName(client.resources(PostgresServer.class).list().getItems());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw cannot(e, "postgresservers", false);
            }
            notes.add(
                    "this user may not list postgresservers: what the servers can do and have room for is not considered");
            return new TreeMap<>();
        }
    }

    private SortedMap<String, Map<String, String>> namespaces() {
        var labels = new TreeMap<String, Map<String, String>>();
        list(Namespace.class, null).forEach(one -> labels.put(one.getMetadata().getName(), labels(one)));
        return labels;
    }

    private SortedMap<String, Map<String, String>> namespace(String name) {
        var labels = new TreeMap<String, Map<String, String>>();
        try {
            var namespace = client.namespaces().withName(name).get();
            if (namespace != null) {
                labels.put(name, labels(namespace));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw cannot(e, "namespaces", false);
            }
            notes.add(
                    "this user may not read the namespace \"%s\": taken to be without labels, so policies for labelled namespaces do not match"
                            .formatted(name));
            labels.put(name, Map.of());
        }
        return labels;
    }

    private static Map<String, String> labels(Namespace namespace) {
        var labels = namespace.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    private <T extends HasMetadata> List<T> list(Class<T> kind, @Nullable String namespace) {
        var all = client.resources(kind);
        try {
            return (namespace == null
                            ? all.inAnyNamespace().list()
                            : all.inNamespace(namespace).list())
                    .getItems();
        } catch (KubernetesClientException e) {
            throw cannot(e, HasMetadata.getPlural(kind), namespace == null && Namespaced.class.isAssignableFrom(kind));
        }
    }

    private static <T extends HasMetadata> SortedMap<String, T> byName(List<T> objects) {
        var byName = new TreeMap<String, T>();
        objects.forEach(object -> byName.put(object.getMetadata().getName(), object));
        return byName;
    }

    /** That no cluster answers, or not to this user. */
    public static CannotRun silent(KubernetesClient client, KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                new CannotRun("the cluster %s does not know this user (HTTP 401): check the login in KUBECONFIG"
                        .formatted(client.getMasterUrl()));
            case 0, -1 ->
                new CannotRun("no cluster answers at %s (%s): set KUBECONFIG to the kubeconfig of a cluster that runs"
                        .formatted(client.getMasterUrl(), deepest(e)));
            default -> new CannotRun("the cluster %s answers HTTP %d".formatted(client.getMasterUrl(), e.getCode()));
        };
    }

    /** What a platform engineer runs; the API server's refusal names the user. */
    private static String mayLook(String refusal) {
        var named = USER.matcher(refusal);
        var user = named.find() ? named.group(1) : "USER";
        return "kubectl create clusterrolebinding howdah-view-%s --clusterrole=howdah-view --user='%s'"
                .formatted(user.replaceAll("[^A-Za-z0-9.-]", "-"), user);
    }

    private CannotRun cannot(KubernetesClientException e, String plural, boolean everywhere) {
        var cluster = client.getMasterUrl();
        return new CannotRun(
                switch (e.getCode()) {
                    case HttpURLConnection.HTTP_NOT_FOUND ->
                        "the cluster %s does not know %s: apply the folder crds/ first, or name files with -f"
                                .formatted(cluster, plural);
                    case HttpURLConnection.HTTP_UNAUTHORIZED ->
                        "the cluster %s does not know this user (HTTP 401): check the login in KUBECONFIG, or name files with -f"
                                .formatted(cluster);
                    case HttpURLConnection.HTTP_FORBIDDEN ->
                        "the cluster %s does not let this user list %s%s (HTTP 403): a platform engineer lets you look by `%s`; or name files with -f"
                                .formatted(
                                        cluster,
                                        plural,
                                        everywhere ? " of all namespaces" : "",
                                        mayLook(String.valueOf(e.getMessage())));
                    case 0, -1 ->
                        "no cluster answers at %s (%s): set KUBECONFIG to the kubeconfig of a cluster that runs, or name files with -f"
                                .formatted(cluster, deepest(e));
                    default -> "the cluster %s answers HTTP %d to a list of %s".formatted(cluster, e.getCode(), plural);
                });
    }

    private static String deepest(Throwable e) {
        var cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException) {
            return "unknown host";
        }
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getMessage().lines().findFirst().orElse("");
    }
}
