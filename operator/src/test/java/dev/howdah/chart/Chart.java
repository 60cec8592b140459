// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code charts/howdah} as Helm itself renders it. */
public final class Chart {
    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    public static final Path FOLDER = REPOSITORY.resolve("charts/howdah");
    public static final String NAMESPACE = "howdah-system";
    public static final String RELEASE = "howdah";

    /** Helm assumes an ancient one without a cluster. */
    private static final String KUBERNETES = "1.34.0";

    private static final Pattern DOCUMENT_END = Pattern.compile("(?m)^---\\s*$");

    private Chart() {}

    /** With these values, in YAML. */
    public static String render(String values) {
        return render(FOLDER, RELEASE, NAMESPACE, values);
    }

    static String render(Path folder, String release, String namespace, String values) {
        return withValues(
                values,
                file -> new Helm(folder)
                        .template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call());
    }

    /** Helm takes values from files only where they are more than words. */
    static <T> T withValues(String values, Function<Path, T> action) {
        try {
            var file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return action.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<GenericKubernetesResource> objects(String rendered) {
        return Arrays.stream(DOCUMENT_END.split(rendered))
                .filter(part -> part.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .map(part -> Serialization.unmarshal(part, GenericKubernetesResource.class))
                .toList();
    }

    /** Those of a kind, as what they are. */
    static <T> List<T> objects(String rendered, Class<T> kind) {
        return objects(rendered).stream()
                .filter(object -> object.getKind().equals(kind.getSimpleName()))
                .map(object -> Serialization.unmarshal(Serialization.asYaml(object), kind))
                .toList();
    }
}
