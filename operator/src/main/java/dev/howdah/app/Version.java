// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/**
 * The version that was built, from the manifest of this class's own jar. That of its package will not do: Quarkus has a jar
 * with classes of the same package, and which of the two defines it is left to chance where an AOT cache loads them.
 */
public class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = built();
        return new String[] {"howdah " + (version == null ? "(not packaged)" : version)};
    }

    private static @Nullable String built() {
        try {
            var source = new File(Version.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (!source.isFile()) {
                return null;
            }
            try (var jar = new JarFile(source)) {
                return jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
