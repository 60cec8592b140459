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

/**
 * The extensions a server has.
 *
 * @param untrustedToo whether the operator's admin can install those that are not trusted
 */
public record ExtensionOffer(Map<String, Extension> byName, boolean untrustedToo) {
    public static final ExtensionOffer NONE = new ExtensionOffer(Map.of());

    public ExtensionOffer(Map<String, Extension> byName) {
        this(byName, true);
    }

    /**
     * One available extension.
     *
     * @param trusted whether the one with CREATE on a database may install it without being superuser
     * @param requires extensions its default version needs
     * @param schema the schema its control file fixes, {@code null} when it may be chosen
     * @param paths the versions an ALTER EXTENSION can get to, by the one it begins at; {@code null} where that is not known
     */
    public record Extension(
            String name,
            String defaultVersion,
            List<String> versions,
            boolean trusted,
            List<String> requires,
            @Nullable String schema,
            @Nullable Map<String, Set<String>> paths) {

        public Extension(
                String name,
                String defaultVersion,
                List<String> versions,
                boolean trusted,
                List<String> requires,
                @Nullable String schema) {
            this(name, defaultVersion, versions, trusted, requires, schema, null);
        }
    }

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
        NotTrusted,
        NotForThisAdmin
    }

    /** An extension that cannot be had, and why. {@code message} says what to do. */
    public record Fault(Obstacle obstacle, String extension, String message) {}

    /**
     * What stands against these extensions and what they require, on this server.
     *
     * @param listed untrusted extensions that a policy lists
     * @param bound whether there is a database already, in which a superuser may have installed what only a superuser can
     * @param server how to call it
     */
    public List<Fault> faults(List<ExtensionRequest> asked, Set<String> listed, boolean bound, String server) {
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
            } else if (!extension.trusted() && !untrustedToo && !bound) {
                faults.add(new Fault(
                        Obstacle.NotForThisAdmin,
                        name,
                        "`extensions`: \"%s\" takes a superuser to install, which the operator's login on %s is not, so nothing was tried; leave it out, or ask a DBA for a server whose login is one"
                                .formatted(name, server)));
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
