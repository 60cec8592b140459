// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The Java runtime of the image: a part of the JDK that builds it, because a start cache belongs to exactly one build of the
 * JVM. docs/adr/0031 says more.
 *
 * @param home the JDK
 * @param version as it calls itself
 * @param vendor as it calls itself
 */
record JavaRuntime(Path home, String version, String vendor) {
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.jgss",
            "java.security.sasl",
            "java.sql",
            "java.xml",
            "jdk.crypto.ec",
            "jdk.management",
            "jdk.net",
            "jdk.unsupported",
            "jdk.zipfs",
            // For whoever has to find out what a pod does: jcmd and the flight recorder.
            "jdk.jcmd",
            "jdk.jfr",
            "jdk.management.jfr");

    private static final Pattern NEEDED = Pattern.compile("(?m)^\\s*(\\S+) => (/\\S+)");
    private static final Pattern GLIBC = Pattern.compile("(libc|libm|libdl|libpthread|librt)\\.so\\.\\d+");

    /** @throws UnavailableException where no image can be made of this JDK */
    static JavaRuntime ofThisJvm() {
        var home = Path.of(System.getProperty("java.home"));
        var release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw new UnavailableException(home + " has no file \"release\": set JAVA_HOME to a whole JDK", e);
        }
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnavailableException(
                    "an image for Linux is built on Linux, where its start cache is made; this is "
                            + System.getProperty("os.name"));
        }
        if (said(release, "LIBC").equals("musl")) {
            throw new UnavailableException(
                    home + " is a JDK for musl, and the image has glibc: set JAVA_HOME to another");
        }
        if (!Files.isExecutable(home.resolve("bin/jlink"))) {
            throw new UnavailableException(home + " has no bin/jlink: set JAVA_HOME to a whole JDK");
        }
        return new JavaRuntime(home, said(release, "JAVA_RUNTIME_VERSION"), said(release, "IMPLEMENTOR"));
    }

    private static String said(Properties release, String key) {
        return release.getProperty(key, "").replace("\"", "");
    }

    /** Linux's name for this machine, as registries write it. */
    static String architecture() {
        var name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }

    void copyTo(Path folder) {
        Programs.run(List.of(
                home.resolve("bin/jlink").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "--output",
                folder.toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages"));
    }

    /**
     * Distributions build JDKs against their own libraries, which a small base does not have.
     *
     * @throws UnavailableException naming what would be missing
     */
    static void mustNeedOnlyGlibc(Path folder) {
        for (var library : List.of("lib/server/libjvm.so", "lib/libzip.so", "lib/libnet.so")) {
            var foreign = NEEDED.matcher(
                            Programs.run(List.of("ldd", folder.resolve(library).toString())))
                    .results()
                    .filter(found -> !Path.of(found.group(2)).startsWith(folder))
                    .map(found -> found.group(1))
                    .filter(name -> !GLIBC.matcher(name).matches())
                    .toList();
            if (!foreign.isEmpty()) {
                throw new UnavailableException("this JDK needs " + String.join(", ", foreign)
                        + ", which the base does not have: set JAVA_HOME to one that brings it, such as Eclipse Temurin,"
                        + " or name a base that has it (BASE=…)");
            }
        }
    }
}
