// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The extensions a server can install. */
public record ExtensionOffer(Map<String, Extension> byName) {
    public static final ExtensionOffer NONE = new ExtensionOffer(Map.of());

    /**
     * One available extension.
     *
     * @param trusted whether a database owner may install it without being superuser
     * @param requires extensions its default version needs
     * @param schema the schema its control file fixes, {@code null} when it may be chosen
     */
    public record Extension(
            String name,
            String defaultVersion,
            List<String> versions,
            boolean trusted,
            List<String> requires,
            @Nullable String schema) {}

    /** The asked ones and all they require, required ones first. Unknown names are kept, for the caller to report. */
    public SequencedSet<String> withRequired(List<String> asked) {
        var ordered = new LinkedHashSet<String>();
        asked.forEach(name -> collect(name, ordered, new LinkedHashSet<>()));
        return ordered;
    }

    private void collect(String name, Set<String> ordered, Set<String> underWay) {
        if (ordered.contains(name) || !underWay.add(name)) {
            return;
        }
        var extension = byName.get(name);
        if (extension != null) {
            extension.requires().forEach(required -> collect(required, ordered, underWay));
        }
        ordered.add(name);
    }

    /** What keeps a server from installing an extension. */
    public enum Obstacle {
        NotAvailable,
        VersionNotAvailable,
        NotTrusted
    }

    /** An extension that cannot be had, and why. {@code message} says what to do. */
    public record Fault(Obstacle obstacle, String extension, String message) {}

    /**
     * What stands against these extensions and what they require, on this server.
     *
     * @param listed untrusted extensions that a policy lists
     * @param server how to call it
     */
    public List<Fault> faults(List<ExtensionRequest> asked, Set<String> listed, String server) {
        var faults = new ArrayList<Fault>();
        for (var name : withRequired(asked.stream().map(ExtensionRequest::name).toList())) {
            var extension = byName.get(name);
            if (extension == null) {
                faults.add(new Fault(
                        Obstacle.NotAvailable,
                        name,
                        "`extensions`: \"%s\" is not installed on %s; correct the name, leave it out, or ask a DBA to install the package"
                                .formatted(name, server)));
            } else if (!extension.trusted() && !listed.contains(name)) {
                faults.add(new Fault(
                        Obstacle.NotTrusted,
                        name,
                        "`extensions`: \"%s\" is not trusted by PostgreSQL (only a superuser may install it) and no policy lists it for this claim; leave it out, or ask a DBA"
                                .formatted(name)));
            }
        }
        for (var request : asked) {
            var extension = byName.get(request.name());
            var version = request.version();
            if (extension != null && version != null && !extension.versions().contains(version)) {
                faults.add(new Fault(
                        Obstacle.VersionNotAvailable,
                        request.name(),
                        "`extensions`: %s has \"%s\" in %s, not %s; choose one of these, or leave the version out for %s"
                                .formatted(
                                        server,
                                        request.name(),
                                        String.join(", ", extension.versions()),
                                        version,
                                        extension.defaultVersion())));
            }
        }
        return faults;
    }
}
