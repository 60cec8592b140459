// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.cli.world.CannotRun;
import dev.howdah.policy.Source;
import dev.howdah.policy.UnknownParameter;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Bound;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a value came about, by any path a person may name: also of values that nobody has set. */
public final class Chains {
    private static final String PARAMETERS = "parameters.";
    private static final String EXTENSIONS = "extensions.";
    private static final String ACCESS = "access.";
    private static final Set<String> FIELDS = Set.of(
            "storage",
            "connections",
            "majorVersion",
            "schemas",
            "deletionPolicy",
            "credentials.rotateEvery",
            "credentials.overlap",
            "credentials.closeAfter");

    private final Judged judged;
    private final Merged merged;

    private Chains(Judged judged, Merged merged) {
        this.judged = judged;
        this.merged = merged;
    }

    /**
     * The chain of a path. {@code work_mem} is short for {@code parameters.work_mem}.
     *
     * @return empty when the claim has no class, so that nothing can be told
     * @throws CannotRun when there is no such path
     */
    public static Optional<ValueChain> of(Judged judged, String path) {
        return judged.merged().map(merged -> new Chains(judged, merged).of(path));
    }

    private ValueChain of(String path) {
        if (FIELDS.contains(path)) {
            return judged.chain(path).orElseThrow();
        }
        if (path.equals("className")) {
            return className();
        }
        if (path.startsWith(PARAMETERS)) {
            return parameter(path.substring(PARAMETERS.length()));
        }
        if (path.startsWith(EXTENSIONS)) {
            return judged.chain(path).orElseGet(() -> extension(path));
        }
        if (path.startsWith(ACCESS)) {
            return access(path.substring(ACCESS.length()));
        }
        if (catalog().find(path).isPresent() || judged.chain(PARAMETERS + path).isPresent()) {
            return parameter(path);
        }
        throw new CannotRun(
                "there is no value \"%s\"; name className, majorVersion, storage, connections, schemas, deletionPolicy, credentials.NAME, parameters.NAME, extensions.NAME or access.NAME"
                        .formatted(path));
    }

    private ParameterCatalog catalog() {
        var majors = ParameterCatalog.majors();
        return ParameterCatalog.of(
                majors.contains(merged.claim().majorVersion()) ? merged.claim().majorVersion() : majors.getLast());
    }

    private ValueChain parameter(String given) {
        var name = catalog().find(given).map(Parameter::name).orElse(given);
        var chain = judged.chain(PARAMETERS + name);
        if (chain.isPresent()) {
            return chain.get();
        }
        var major = merged.claim().majorVersion();
        var parameter = catalog().find(name).orElseThrow(() -> new CannotRun(UnknownParameter.message(major, name)));
        var refusal = parameter.refusal();
        if (refusal.isPresent()) {
            throw new CannotRun(refusal.get());
        }
        var subject = judged.subject();
        var waiver = subject == null ? null : subject.waiver(limits -> limits.parameter(major, name) != null);
        return new ValueChain(
                PARAMETERS + name,
                List.of(),
                bounds(
                        applied -> {
                            var range = applied.limits().parameter(major, name);
                            return range == null ? null : range.describe();
                        },
                        waiver),
                parameter.binding().name().toLowerCase(Locale.ROOT));
    }

    private ValueChain className() {
        var asked = judged.claim().getSpec().className();
        var link = asked == null
                ? new Link(Source.BUILT_IN, merged.claim().className(), Fate.InForce, "the default class")
                : new Link(Source.CLAIM, asked, Fate.InForce, "");
        return new ValueChain(
                "className",
                List.of(link),
                bounds(applied -> text(applied.limits().classNames()), null),
                null);
    }

    private ValueChain extension(String path) {
        return new ValueChain(
                path,
                List.of(),
                bounds(
                        applied -> {
                            var allowed = applied.limits().extensions();
                            var retirements = applied.limits().retirements();
                            return allowed == null
                                    ? null
                                    : text(allowed.keySet().stream()
                                            .map(name -> retirements.containsKey(name)
                                                    ? name + " (retired at " + retirements.get(name) + ")"
                                                    : name)
                                            .collect(Collectors.toSet()));
                        },
                        null),
                null);
    }

    private ValueChain access(String name) {
        var source = judged.claim().getSpec().access() == null ? Source.BUILT_IN : Source.CLAIM;
        var links = merged.claim().access().stream()
                .filter(access -> access.name().equals(name))
                .map(access -> new Link(source, access.role().name(), Fate.InForce, "Secret " + access.secretName()))
                .toList();
        return new ValueChain(
                ACCESS + name, links, bounds(applied -> text(applied.limits().accessRoles()), null), "server");
    }

    private List<Bound> bounds(Function<Applied, @Nullable String> limit, @Nullable String waiver) {
        var bounds = new ArrayList<Bound>();
        for (var applied : merged.policies()) {
            var text = limit.apply(applied);
            if (text != null) {
                bounds.add(new Bound(
                        applied.policy().name(), applied.policy().enforcement().name(), text, waiver));
            }
        }
        return bounds;
    }

    private static @Nullable String text(@Nullable Set<?> allowed) {
        return allowed == null
                ? null
                : allowed.isEmpty()
                        ? "none"
                        : "one of: "
                                + String.join(
                                        ", ",
                                        allowed.stream()
                                                .map(String::valueOf)
                                                .sorted()
                                                .toList());
    }

    /** The value of each path of a claim that has one. */
    public static Map<String, Link> values(Judged judged) {
        var values = new TreeMap<String, Link>();
        judged.merged()
                .ifPresent(merged -> merged.chains()
                        .forEach(chain -> chain.inForce().ifPresent(link -> values.put(chain.path(), link))));
        return values;
    }
}
