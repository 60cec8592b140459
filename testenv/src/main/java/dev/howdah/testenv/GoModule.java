// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The sources of a program in Go. */
record GoModule(Map<String, String> files) {
    private static final Pattern GO = Pattern.compile("(?m)^go (\\S+)$");
    private static final Pattern KUBERNETES =
            Pattern.compile("(?m)^\\s*k8s\\.io/kubernetes v(\\d+)\\.(\\d+)\\.(\\d+)$");

    GoModule {
        files = Map.copyOf(files);
    }

    private static final String[] NAMES = {"go.mod", "go.sum", "main.go"};

    /** Those in a folder. */
    static GoModule in(Path folder) {
        var files = new TreeMap<String, String>();
        for (String name : NAMES) {
            try {
                files.put(name, Files.readString(folder.resolve(name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new GoModule(files);
    }

    /** The control plane's. They travel in this module's jar, so that a build needs no path to the repository. */
    static GoModule ofThisJar() {
        var files = new TreeMap<String, String>();
        for (String name : NAMES) {
            try (InputStream resource = GoModule.class.getResourceAsStream("go/" + name)) {
                if (resource == null) {
                    throw new IOException(name + " is not among the resources");
                }
                files.put(name, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new GoModule(files);
    }

    /** Names the control plane's folder in the cache. */
    String cacheName(String os, String arch) {
        return cacheName("controlplane", os, arch);
    }

    /** Names a folder in the cache: the same sources for the same platform need no second build. */
    String cacheName(String program, String os, String arch) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(files).forEach((name, content) -> {
                sha.update((name + "\n" + content.length() + "\n").getBytes(StandardCharsets.UTF_8));
                sha.update(content.getBytes(StandardCharsets.UTF_8));
            });
            sha.update((os + "/" + arch).getBytes(StandardCharsets.UTF_8));
            return program + "-" + HexFormat.of().formatHex(sha.digest()).substring(0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The oldest tool chain that builds it. */
    GoVersion neededGo() {
        var found = GO.matcher(text("go.mod"));
        if (!found.find()) {
            throw new IllegalStateException("go.mod has no go line");
        }
        return GoVersion.in(found.group(1)).orElseThrow();
    }

    /** Without these stamps the servers report version v0.0.0 and clients that read the minor version fail. */
    String linkerFlags() {
        var found = KUBERNETES.matcher(text("go.mod"));
        if (!found.find()) {
            throw new IllegalStateException("go.mod does not require k8s.io/kubernetes");
        }
        var flags = new StringBuilder("-s -w");
        for (String variable : new String[] {"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"}) {
            flags.append(" -X %1$s.gitVersion=v%2$s.%3$s.%4$s -X %1$s.gitMajor=%2$s -X %1$s.gitMinor=%3$s"
                    .formatted(variable, found.group(1), found.group(2), found.group(3)));
        }
        return flags.toString();
    }

    /** The minor release as envtest's index names it, for example {@code 1.36.*}. */
    String kubernetesMinor() {
        var found = KUBERNETES.matcher(text("go.mod"));
        if (!found.find()) {
            throw new IllegalStateException("go.mod does not require k8s.io/kubernetes");
        }
        return found.group(1) + "." + found.group(2) + ".*";
    }

    void writeTo(Path folder) throws IOException {
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private String text(String name) {
        String text = files.get(name);
        if (text == null) {
            throw new IllegalStateException("no " + name);
        }
        return text;
    }
}
