// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The layers of a layout on a base, written to a file and pushed to a registry, by Jib. */
final class Containers {
    private static final String NOBODY = "65532:65532";
    private static final String TARBALL = "tar://";

    private final String base;
    private final Layout layout;
    private final BuildFacts facts;
    private final Path cache;

    Containers(String base, Layout layout, BuildFacts facts, Path cache) {
        this.base = base;
        this.layout = layout;
        this.facts = facts;
        this.cache = cache;
    }

    /** Fetches the base alone, so that a registry that cannot be reached is told before the work, not after it. */
    void fetchBase(Path scratch) {
        try {
            Files.createDirectories(scratch.getParent());
            containerize(onBase(), Containerizer.to(TarImage.at(scratch).named("base")), isBaseHere());
            Files.deleteIfExists(scratch);
        } catch (InvalidImageReferenceException e) {
            throw new UnavailableException(
                    "BASE=" + base + " is no name of an image: say tar:///FILE or NAME@sha256:…", e);
        } catch (IOException | RegistryException | ExecutionException e) {
            throw new UnavailableException(
                    base.startsWith(TARBALL)
                            ? "the base " + base + " cannot be read: " + UnavailableException.root(e)
                            : "the base " + base + " cannot be fetched: " + UnavailableException.root(e)
                                    + "; where its registry cannot be reached, bring it as a file and say BASE=tar:///FILE"
                                    + " (crane pull --platform=linux/" + JavaRuntime.architecture() + " " + base
                                    + " FILE)",
                    e);
        }
    }

    void write(Path tarball, String name, Map<String, String> labels) {
        try {
            Files.deleteIfExists(tarball);
            containerize(whole(labels), Containerizer.to(TarImage.at(tarball).named(name)), isBaseHere());
        } catch (InvalidImageReferenceException | IOException | RegistryException | ExecutionException e) {
            throw new UnavailableException(tarball + " cannot be written: " + UnavailableException.root(e), e);
        }
    }

    /** The name to push to; asked for before the work, too. */
    static ImageReference mustBeAName(String to) {
        try {
            return ImageReference.parse(to);
        } catch (InvalidImageReferenceException e) {
            throw new UnavailableException("PUSH=" + to + " is no name of an image: say REGISTRY/NAME:TAG", e);
        }
    }

    /** Pushes it with the logins of {@code docker login} and its likes; returns its digest. */
    String push(ImageReference to, Map<String, String> labels) {
        try {
            var registry = withLogins(to);
            return containerize(whole(labels), Containerizer.to(registry), isHere(to))
                    .getDigest()
                    .toString();
        } catch (InvalidImageReferenceException | IOException | RegistryException | ExecutionException e) {
            throw new UnavailableException(
                    "cannot push to " + to + ": " + UnavailableException.root(e)
                            + "; is it reachable, and is there a login (docker login, crane auth login)?",
                    e);
        }
    }

    /** A registry on this machine, which Kind's is, speaks HTTP. */
    private static boolean isHere(ImageReference image) {
        return image.getRegistry().matches("(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?");
    }

    private boolean isBaseHere() throws InvalidImageReferenceException {
        return !base.startsWith(TARBALL) && isHere(ImageReference.parse(base));
    }

    private JibContainerBuilder onBase() throws InvalidImageReferenceException {
        var builder = base.startsWith(TARBALL)
                ? Jib.from(TarImage.at(Path.of(base.substring(TARBALL.length()))))
                : Jib.from(withLogins(ImageReference.parse(base)));
        return builder.setPlatforms(Set.of(new Platform(JavaRuntime.architecture(), "linux")));
    }

    private static RegistryImage withLogins(ImageReference image) throws InvalidImageReferenceException {
        var credentials = CredentialRetrieverFactory.forImage(image, _ -> {});
        return RegistryImage.named(image)
                .addCredentialRetriever(credentials.dockerConfig())
                .addCredentialRetriever(credentials.wellKnownCredentialHelpers());
    }

    private JibContainerBuilder whole(Map<String, String> labels) throws IOException, InvalidImageReferenceException {
        return onBase().addFileEntriesLayer(layer("java runtime", Layout.JAVA))
                .addFileEntriesLayer(layer("dependencies", Layout.HOME + "/lib"))
                .addFileEntriesLayer(layer(
                        "application", Layout.HOME + "/app", Layout.ARGUMENTS, Layout.SBOM, Layout.HOME + "/LICENSE"))
                .addFileEntriesLayer(layer("start cache", Layout.CACHE))
                .setEntrypoint(List.of(Layout.JAVA + "/bin/java", "@" + Layout.ARGUMENTS, Layout.MAIN))
                .setProgramArguments(List.of("run"))
                .setUser(NOBODY)
                .setExposedPorts(Ports.parse(List.of("9000", "8443")))
                .setLabels(labels)
                .setCreationTime(facts.timestamp());
    }

    private FileEntriesLayer layer(String name, String... paths) throws IOException {
        var layer = FileEntriesLayer.builder().setName(name);
        for (var path : paths) {
            layer.addEntryRecursive(
                    layout.at(path),
                    AbsoluteUnixPath.get(path),
                    (file, _) -> FilePermissions.fromOctalString(
                            Files.isDirectory(file) || Files.isExecutable(file) ? "755" : "644"),
                    (_, _) -> facts.timestamp());
        }
        return layer.build();
    }

    private JibContainer containerize(JibContainerBuilder builder, Containerizer to, boolean insecure)
            throws IOException, RegistryException, ExecutionException {
        try {
            return builder.containerize(to.setToolName("howdah")
                    .setToolVersion(facts.version())
                    .setApplicationLayersCache(cache)
                    .setAllowInsecureRegistries(insecure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        } catch (CacheDirectoryCreationException e) {
            throw new UnavailableException("Jib's cache cannot be written: " + UnavailableException.root(e), e);
        }
    }
}
