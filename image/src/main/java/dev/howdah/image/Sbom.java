// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is in the image, in CycloneDX: Maven knows the jars; the Java runtime and the base are added here. */
final class Sbom {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sbom() {}

    static void write(Path ofMaven, JavaRuntime runtime, String base, Path to) {
        try {
            var bom = (ObjectNode) JSON.readTree(Files.readString(ofMaven));
            ((ObjectNode) bom.at("/metadata/component")).put("type", "container");
            var components = (ArrayNode) bom.get("components");
            var java = components.addObject();
            java.put("type", "platform");
            java.put("bom-ref", "java-runtime");
            java.put("publisher", runtime.vendor());
            java.put("name", "openjdk");
            java.put("version", runtime.version());
            var below = components.addObject();
            below.put("type", "container");
            below.put("bom-ref", "base");
            int digest = base.indexOf('@');
            below.put("name", digest < 0 ? base : base.substring(0, digest));
            if (digest >= 0) {
                below.put("version", base.substring(digest + 1));
                below.put("purl", purl(base.substring(0, digest), base.substring(digest + 1)));
            }
            Files.writeString(to, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bom) + "\n");
        } catch (IOException e) {
            throw new UnavailableException("there is no " + ofMaven + ": run make build first", e);
        }
    }

    private static String purl(String reference, String digest) {
        int tag = reference.lastIndexOf(':');
        var repository = tag > reference.lastIndexOf('/') ? reference.substring(0, tag) : reference;
        return "pkg:oci/" + repository.substring(repository.lastIndexOf('/') + 1) + "@" + digest.replace(":", "%3A")
                + "?repository_url=" + repository.replace("/", "%2F").replace(":", "%3A");
    }
}
