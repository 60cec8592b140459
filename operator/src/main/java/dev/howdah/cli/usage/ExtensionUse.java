// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.usage;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus.AvailableExtension;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Retirement;
import dev.howdah.policy.rule.VersionOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One extension in one claim's database.
 *
 * @param claim {@code namespace/name}
 * @param version as installed, {@code null} where only its name is known
 * @param update the latest version of the server that is later than that, {@code null} for none
 * @param asked whether the claim still asks for it, or something it asks for requires it
 * @param retires the earliest time at which a policy retires it that is still to come
 * @param against what policies have against it now
 */
record ExtensionUse(
        String extension,
        @Nullable String version,
        @Nullable String update,
        String claim,
        @Nullable String server,
        boolean asked,
        @Nullable String retires,
        List<Objection> against) {

    /** What a policy has against it; {@code mode} is the policy's enforcement. */
    record Objection(String policy, String mode, String message) {}

    static List<ExtensionUse> of(Judged judged, World world) {
        var status = judged.claim().getStatus();
        if (status == null) {
            return List.of();
        }
        var hosting = status.server();
        var server = hosting == null ? null : world.servers().get(hosting.name());
        var uses = new ArrayList<ExtensionUse>();
        for (var installed : orNone(status.extensions())) {
            uses.add(use(judged, server, installed.name(), installed));
        }
        for (var left : orNone(status.unmanaged())) {
            if (left.kind().equals("Extension")
                    && uses.stream().noneMatch(use -> use.extension().equals(left.name()))) {
                uses.add(use(judged, server, left.name(), null));
            }
        }
        return uses;
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static ExtensionUse use(
            Judged judged, @Nullable PostgresServer server, String name, @Nullable ExtensionStatus installed) {
        var version = installed == null ? null : installed.version();
        var pending = pending(judged, name);
        var hosting = Objects.requireNonNull(judged.claim().getStatus()).server();
        return new ExtensionUse(
                name,
                version,
                version == null ? null : update(server, name, version).orElse(null),
                judged.key(),
                hosting == null ? null : hosting.name(),
                installed != null,
                pending.stream()
                        .map(Retirement::time)
                        .min(Instant::compareTo)
                        .map(Instant::toString)
                        .orElse(null),
                objections(judged, name, pending));
    }

    private static Optional<String> update(@Nullable PostgresServer server, String name, String version) {
        var status = server == null ? null : server.getStatus();
        return status == null || status.extensions() == null
                ? Optional.empty()
                : status.extensions().stream()
                        .filter(available -> available.name().equals(name))
                        .map(AvailableExtension::versions)
                        .flatMap(List::stream)
                        .filter(available -> VersionOrder.compare(available, version) > 0)
                        .max(VersionOrder::compare);
    }

    private static List<Retirement> pending(Judged judged, String name) {
        var subject = judged.subject();
        return subject == null
                ? List.of()
                : judged.merged().map(merged -> Retirement.of(subject, merged)).orElse(List.of()).stream()
                        .filter(retirement -> retirement.extension().equals(name) && !retirement.over(subject.now()))
                        .toList();
    }

    /** Whatever a policy says of it now; a warning of what is to come is none. */
    private static List<Objection> objections(Judged judged, String name, List<Retirement> pending) {
        var review = judged.review();
        return (review == null ? Stream.<Violation>empty() : review.violations().stream())
                .filter(violation -> violation.policy() != null
                        && violation.mode() != null
                        && violation.path().equals("extensions." + name)
                        && !(violation.offence().value().equals(name)
                                && pending.stream()
                                        .anyMatch(retirement -> retirement
                                                .applied()
                                                .policy()
                                                .name()
                                                .equals(violation.policy()))))
                .map(violation -> new Objection(
                        String.valueOf(violation.policy()), String.valueOf(violation.mode()), violation.message()))
                .toList();
    }

    /** Whether a policy in Enforce or Warn no longer allows it. */
    boolean noLongerAllowed() {
        return against.stream().anyMatch(objection -> !objection.mode().equals("Audit"));
    }

    /** In a word or two, for the table. */
    String standing() {
        if (noLongerAllowed()) {
            return "no longer allowed";
        }
        if (!asked) {
            return "not asked for";
        }
        return retires == null ? against.isEmpty() ? "allowed" : "audited" : "retires " + retires;
    }
}
