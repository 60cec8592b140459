// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.policy.EffectiveClaim.Access;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges a claim with its class and holds the result to the rules. */
public final class ClaimReview {
    private static final List<AccessEntry> DEFAULT_ACCESS =
            List.of(new AccessEntry("app", AccessRole.Owner, true, null, null));

    private ClaimReview() {}

    /**
     * What a rule may look at.
     *
     * @param terms the class's; those pinned at binding once the claim is bound
     * @param accepted what was last carried out, {@code null} before binding
     */
    public record Subject(
            String namespace,
            String name,
            DatabaseClaimSpec spec,
            ClassTerms terms,
            @Nullable Accepted accepted) {

        ClaimNames names() {
            return ClaimNames.of(namespace, name);
        }
    }

    /** The verdict on a claim's spec: every rule is asked, so that a refusal names all faults at once. */
    public static Verdict review(Subject subject) {
        var violations =
                Rules.ALL.stream().flatMap(rule -> rule.check(subject).stream()).toList();
        return violations.isEmpty()
                ? new Verdict.Admitted(effective(subject.name(), subject.spec(), subject.terms()))
                : new Verdict.Denied(violations);
    }

    private static EffectiveClaim effective(String claim, DatabaseClaimSpec spec, ClassTerms terms) {
        return new EffectiveClaim(
                terms.className(),
                spec.majorVersion() == null ? terms.majorVersion() : spec.majorVersion(),
                spec.connections() == null ? terms.connections() : spec.connections(),
                terms.locale(),
                spec.schemas() == null ? terms.schemas() : List.copyOf(spec.schemas()),
                spec.extensions() == null
                        ? terms.extensions()
                        : spec.extensions().stream().map(ExtensionRequest::name).toList(),
                access(claim, spec.access() == null ? DEFAULT_ACCESS : spec.access()),
                spec.deletionPolicy() == null ? terms.deletionPolicy() : spec.deletionPolicy(),
                terms.ownerMayCreateSchemas());
    }

    private static List<Access> access(String claim, List<AccessEntry> entries) {
        return entries.stream()
                .map(entry -> {
                    var binding = entries.size() == 1 || Boolean.TRUE.equals(entry.binding());
                    var secret = entry.secretName();
                    return new Access(
                            entry.name(),
                            entry.role(),
                            binding,
                            entry.connections(),
                            secret != null ? secret : claim + "-" + (binding ? "db" : entry.name()));
                })
                .toList();
    }
}
