// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.policy.review.Review;
import dev.howdah.policy.rulebook.Rulebook;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that has a say about the claim {@code shop/orders}, written as its authors write it: in YAML. */
public record Guards(
        DatabaseClass databaseClass,
        List<DatabasePolicy> policies,
        List<DatabaseWaiver> waivers,
        @Nullable Accepted accepted,
        @Nullable ServerTraits server,
        List<Charge> charges,
        Instant now) {

    private static final YAMLMapper YAML = new YAMLMapper();

    public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    public static final String TOMORROW = "2026-11-25T12:00:00Z";
    public static final Instant AFTER_TOMORROW = Instant.parse("2026-11-26T12:00:00Z");
    public static final Map<String, String> LABELS = Map.of("env", "prod");

    /** A class {@code standard} that offers 17 and 18, and nothing else. */
    public static final Guards NONE = new Guards(
            databaseClass("standard", "majorVersions: [17, 18]"), List.of(), List.of(), null, null, List.of(), NOW);

    public static Guards policy(String name, String spec) {
        return NONE.and(name, spec);
    }

    public static Guards ofClass(String spec) {
        return NONE.withClass(spec);
    }

    /** One more policy; in Enforce if it does not say. */
    public Guards and(String name, String spec) {
        return and(policyOf(name, spec));
    }

    public Guards and(DatabasePolicy policy) {
        return new Guards(databaseClass, with(policies, policy), waivers, accepted, server, charges, now);
    }

    /** Another spec of a policy, or none of it any more. */
    public Guards but(String name, @Nullable String spec) {
        var others = policies.stream()
                .filter(policy -> !policy.getMetadata().getName().equals(name))
                .toList();
        var without = new Guards(databaseClass, others, waivers, accepted, server, charges, now);
        return spec == null ? without : without.and(name, spec);
    }

    public Guards waived(String name, String until, String limits) {
        return new Guards(
                databaseClass, policies, with(waivers, waiverOf(name, until, limits)), accepted, server, charges, now);
    }

    public Guards withoutWaivers() {
        return new Guards(databaseClass, policies, List.of(), accepted, server, charges, now);
    }

    public Guards withClass(String spec) {
        return new Guards(databaseClass("standard", spec), policies, waivers, accepted, server, charges, now);
    }

    public Guards on(ServerTraits traits) {
        return new Guards(databaseClass, policies, waivers, accepted, traits, charges, now);
    }

    public Guards charged(Charge... others) {
        return new Guards(databaseClass, policies, waivers, accepted, server, List.of(others), now);
    }

    public Guards at(Instant time) {
        return new Guards(databaseClass, policies, waivers, accepted, server, charges, time);
    }

    /** As it goes on once this spec was agreed to and carried out. */
    public Guards bound(String spec, ExtensionStatus... installed) {
        var review = review(spec);
        if (!(review.verdict() instanceof Verdict.Admitted admitted)) {
            throw new AssertionError(review.violations());
        }
        return accepted(admitted, installed);
    }

    public Guards accepted(Verdict.Admitted admitted, ExtensionStatus... installed) {
        var terms = accepted == null ? ClassTerms.of(databaseClass) : accepted.terms();
        var next =
                new Accepted(admitted.claim(), terms, 1, admitted.grounds(), List.of(installed), List.of(), List.of());
        return new Guards(databaseClass, policies, waivers, next, server, charges, now);
    }

    public Rulebook rulebook() {
        return Rulebook.of(policies, waivers);
    }

    public Subject subject(DatabaseClaimSpec spec) {
        return new Subject(
                "shop",
                LABELS,
                "orders",
                spec,
                accepted == null
                        ? ClassTerms.of(databaseClass)
                        : accepted.terms().withCredentialsOf(databaseClass),
                ClassTerms.parameters(databaseClass),
                accepted,
                server,
                rulebook(),
                charges,
                now);
    }

    public Review review(String spec) {
        return ClaimReview.review(subject(spec(spec)));
    }

    /** What the claim comes to; fails where it is refused. */
    public EffectiveClaim admitted(String spec) {
        return admitted(review(spec)).claim();
    }

    public static Verdict.Admitted admitted(Review review) {
        if (review.verdict() instanceof Verdict.Admitted admitted) {
            return admitted;
        }
        throw new AssertionError(review.violations());
    }

    /** Why the claim is refused; empty where it is not. */
    public List<Violation> refused(String spec) {
        return review(spec).verdict() instanceof Verdict.Denied denied ? denied.violations() : List.of();
    }

    public static DatabaseClaimSpec spec(String yaml) {
        try {
            return YAML.readValue(yaml, DatabaseClaimSpec.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(yaml, e);
        }
    }

    public static DatabasePolicy policyOf(String name, String spec) {
        var whole = spec.contains("enforcement:") ? spec : spec + "\nenforcement: Enforce";
        return Serialization.unmarshal(resource("DatabasePolicy", name, whole), DatabasePolicy.class);
    }

    public static DatabaseWaiver waiverOf(String name, String until, String limits) {
        return Serialization.unmarshal(
                resource(
                        "DatabaseWaiver",
                        name,
                        "claimRef: {namespace: shop, name: orders}\nowner: dba\nreason: test\nexpirationTime: \""
                                + until + "\"\nlimits: " + limits),
                DatabaseWaiver.class);
    }

    public static DatabaseClass databaseClass(String name, String spec) {
        return Serialization.unmarshal(resource("DatabaseClass", name, spec), DatabaseClass.class);
    }

    public static Charge charge(String claim, long gibibytes, int connections) {
        return new Charge(claim, "standard", new Demand(gibibytes << 30, connections), false);
    }

    private static String resource(String kind, String name, String spec) {
        return "apiVersion: howdah.dev/v1alpha1\nkind: %s\nmetadata: {name: %s, generation: 1}\nspec:\n%s"
                .formatted(kind, name, spec.indent(2));
    }

    private static <T> List<T> with(List<T> list, T one) {
        return new ArrayList<>(Stream.concat(list.stream(), Stream.of(one)).toList());
    }
}
