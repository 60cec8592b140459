// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Charge;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.rulebook.Limits;
import dev.howdah.policy.rulebook.Rulebook;
import dev.howdah.policy.rulebook.WaiverTerms;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A claim, and everything that has a say about it.
 *
 * @param terms the class's; those pinned at binding once the claim is bound
 * @param classParameters the class's parameters as they are now; they are not pinned
 * @param accepted what was last carried out, {@code null} before binding
 * @param server where it is or is about to be, {@code null} while that is open
 * @param charges what the other databases of the namespace are charged
 */
public record Subject(
        String namespace,
        Map<String, String> namespaceLabels,
        String name,
        DatabaseClaimSpec spec,
        ClassTerms terms,
        SortedMap<String, String> classParameters,
        @Nullable Accepted accepted,
        @Nullable ServerTraits server,
        Rulebook rulebook,
        List<Charge> charges,
        Instant now) {

    /** The extensions of a claim with those that come along, as far as the server is known. */
    public SequencedSet<String> extensions(EffectiveClaim claim) {
        return server == null
                ? new LinkedHashSet<>(claim.extensionNames())
                : server.extensions().withRequired(claim.extensionNames());
    }

    /** The version in which an extension is or would be installed, empty where that is not known. */
    public String extensionVersion(String extension) {
        if (accepted != null) {
            for (var installed : accepted.installed()) {
                if (installed.name().equals(extension)) {
                    return installed.version();
                }
            }
        }
        var offered = server == null ? null : server.extensions().byName().get(extension);
        return offered == null ? "" : offered.defaultVersion();
    }

    public ClaimNames names() {
        return ClaimNames.of(namespace, name);
    }

    /** Its waivers that have not ended. */
    public List<WaiverTerms> waivers() {
        return rulebook.currentWaivers(namespace, name, now);
    }

    /** The name of the first of them whose limits say something there, {@code null} where none does. */
    public @Nullable String waiver(Predicate<Limits> there) {
        return waivers().stream()
                .filter(waiver -> there.test(waiver.limits()))
                .map(WaiverTerms::name)
                .findFirst()
                .orElse(null);
    }

    /** What they allow together. */
    public Limits lifted() {
        return rulebook.lifted(namespace, name, now);
    }

    public Subject with(DatabaseClaimSpec other) {
        return new Subject(
                namespace,
                namespaceLabels,
                name,
                other,
                terms,
                classParameters,
                accepted,
                server,
                rulebook,
                charges,
                now);
    }

    /** The same, where other databases are charged this. */
    public Subject with(List<Charge> others) {
        return new Subject(
                namespace,
                namespaceLabels,
                name,
                spec,
                terms,
                classParameters,
                accepted,
                server,
                rulebook,
                others,
                now);
    }

    /** The same under other rules. */
    public Subject under(Rulebook other) {
        return new Subject(
                namespace, namespaceLabels, name, spec, terms, classParameters, accepted, server, other, charges, now);
    }

    /** The same on a server. */
    public Subject on(ServerTraits chosen) {
        return new Subject(
                namespace,
                namespaceLabels,
                name,
                spec,
                terms,
                classParameters,
                accepted,
                chosen,
                rulebook,
                charges,
                now);
    }
}
