// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

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

    /** Those of the asked extensions, or of what they require, that this server does not have. */
    public List<String> missing(List<String> asked) {
        return withRequired(asked).stream()
                .filter(name -> !byName.containsKey(name))
                .toList();
    }

    /** Those that only a superuser could install: a claim never gets them on its own word. */
    public List<String> untrusted(List<String> asked) {
        return withRequired(asked).stream()
                .map(byName::get)
                .filter(extension -> extension != null && !extension.trusted())
                .map(Extension::name)
                .toList();
    }
}
