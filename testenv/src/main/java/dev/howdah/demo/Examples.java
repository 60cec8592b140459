// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files in {@code examples/}: one object each, claims and policies with a comment that says what becomes of them. */
final class Examples {
    private final Path folder;

    Examples(Path folder) {
        this.folder = folder;
    }

    /** The objects of a folder, in the order of the file names. */
    List<GenericKubernetesResource> objects(String of) {
        return files(of).map(Examples::object).toList();
    }

    /** What each object becomes, by its name, that of a namespace before it. */
    Map<String, Promise> promises(String of) {
        var promises = new LinkedHashMap<String, Promise>();
        files(of)
                .forEach(file -> Promise.of(read(file)).ifPresent(promise -> promises.put(key(object(file)), promise)));
        return promises;
    }

    /** As everybody writes it: {@code namespace/name}, or the name alone. */
    static String key(GenericKubernetesResource object) {
        var metadata = object.getMetadata();
        return metadata.getNamespace() == null
                ? metadata.getName()
                : metadata.getNamespace() + "/" + metadata.getName();
    }

    private Stream<Path> files(String of) {
        try (var files = Files.list(folder.resolve(of))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericKubernetesResource object(Path file) {
        return Serialization.unmarshal(read(file), GenericKubernetesResource.class);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
