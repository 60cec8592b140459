// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.ClassTerms.Default;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.policy.Source;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.rulebook.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the layers together, lowest to highest: built-in, policy defaults, class, claim, policy overrides. */
public final class Merge {
    private static final List<AccessEntry> DEFAULT_ACCESS =
            List.of(new AccessEntry("app", AccessRole.Owner, true, null, null));

    private final Subject subject;
    private final Limits lifted;
    private final List<Applied> policies;
    private final List<ValueChain> chains = new ArrayList<>();
    private final List<ObjectConflict> conflicts = new ArrayList<>();

    private Merge(Subject subject) {
        this.subject = subject;
        this.lifted = subject.lifted();
        this.policies = Applied.of(subject, lifted);
    }

    /** What a claim comes to, whether or not the rules agree to it. */
    public static Merged merge(Subject subject) {
        return new Merge(subject).merge();
    }

    private Merged merge() {
        var spec = subject.spec();
        var terms = subject.terms();
        var major = majorVersion();
        var parameters = new ParameterMerge(subject, policies, known(major));
        chains.addAll(parameters.chains());
        conflicts.addAll(parameters.conflicts());
        var accepted = subject.accepted() == null ? null : subject.accepted().claim();
        var storage = new NumberMerge(subject, policies, Default.storage, Limits::storage, StorageText::format)
                .of(
                        spec.storage() == null ? null : Long.valueOf(StorageText.parse(spec.storage())),
                        before -> before.storage(),
                        accepted == null ? null : Long.valueOf(accepted.storage()),
                        terms.storage(),
                        ClassTerms.DEFAULT_STORAGE);
        var connections = new NumberMerge(subject, policies, Default.connections, Limits::connections, String::valueOf)
                .of(
                        spec.connections() == null ? null : Long.valueOf(spec.connections()),
                        before -> before.connections(),
                        accepted == null ? null : Long.valueOf(accepted.connections()),
                        terms.connections(),
                        ClassTerms.DEFAULT_CONNECTIONS);
        add(storage, null);
        add(connections, "server");
        chain("majorVersion", spec.majorVersion(), terms.majorVersion(), classSource(), String.valueOf(major));
        var deletionPolicy = deletionPolicy();
        var schemas = spec.schemas() == null ? terms.schemas() : List.copyOf(spec.schemas());
        chain("schemas", spec.schemas(), terms.schemas(), sourceOf(Default.schemas), schemas.toString());
        var extensions = extensions();
        var credentials = new CredentialMerge(subject, policies);
        chains.addAll(credentials.chains());
        conflicts.addAll(credentials.conflicts());
        var claim = new EffectiveClaim(
                terms.className(),
                major,
                storage.value(),
                Math.toIntExact(connections.value()),
                parameters.values(),
                terms.locale(),
                schemas,
                extensions,
                access(subject.name(), spec.access() == null ? DEFAULT_ACCESS : spec.access()),
                deletionPolicy,
                terms.ownerMayCreateSchemas(),
                credentials.terms());
        return new Merged(claim, chains, policies, parameters.asked(), listed(), conflicts);
    }

    private void add(NumberMerge number, @Nullable String binding) {
        chains.add(number.chain(binding));
        conflicts.addAll(number.conflicts());
    }

    /** A version that is not supported is refused elsewhere; until then it has the newest one's parameters. */
    private static int known(int major) {
        return ParameterCatalog.majors().contains(major)
                ? major
                : ParameterCatalog.majors().getLast();
    }

    private int majorVersion() {
        if (subject.accepted() != null) {
            return subject.accepted().claim().majorVersion();
        }
        var asked = subject.spec().majorVersion();
        var preferred = subject.terms().majorVersion();
        if (asked != null || allowedMajor(preferred)) {
            return asked != null ? asked : preferred;
        }
        conflicts.add(new ObjectConflict(
                classSource(),
                "majorVersion",
                ObjectConflict.Kind.BreaksLimit,
                "`defaults.majorVersion`: %d is not a version that the policies for this claim allow"
                        .formatted(preferred)));
        return subject.terms().majorVersions().stream()
                .filter(this::allowedMajor)
                .max(Integer::compare)
                .orElse(preferred);
    }

    private boolean allowedMajor(int major) {
        return enforced(Limits::majorVersions, allowed -> allowed.contains(major));
    }

    /** Whether the limits of all policies in Enforce agree; one that says nothing does. */
    private <T> boolean enforced(Function<Limits, @Nullable T> part, Predicate<T> agrees) {
        for (var applied : policies) {
            var limit = applied.enforces() ? part.apply(applied.limits()) : null;
            if (limit != null && !agrees.test(limit)) {
                return false;
            }
        }
        return true;
    }

    private DeletionPolicy deletionPolicy() {
        var asked = subject.spec().deletionPolicy();
        var ofClass = subject.terms().deletionPolicy();
        var kept = subject.accepted() != null
                        && subject.accepted().grounds().spec().deletionPolicy() == null
                ? subject.accepted().claim().deletionPolicy()
                : null;
        var value = asked != null ? asked : kept != null ? kept : allowed(ofClass);
        if (asked == null && value != ofClass) {
            conflicts.add(new ObjectConflict(
                    classSource(),
                    "deletionPolicy",
                    ObjectConflict.Kind.BreaksLimit,
                    "`defaults.deletionPolicy`: %s is not allowed by the policies for this claim".formatted(ofClass)));
        }
        chain("deletionPolicy", asked, ofClass, sourceOf(Default.deletionPolicy), value.name());
        return value;
    }

    private DeletionPolicy allowed(DeletionPolicy preferred) {
        // Nobody is given Delete who did not ask for it.
        return enforced(Limits::deletionPolicies, limit -> limit.contains(preferred))
                ? preferred
                : DeletionPolicy.Retain;
    }

    /** Those the class adds are passed over where they are not allowed. */
    private List<ExtensionRequest> extensions() {
        var asked = subject.spec().extensions();
        var source = asked == null ? classSource() : Source.CLAIM;
        var before = subject.accepted() == null
                ? Set.<String>of()
                : new HashSet<>(subject.accepted().claim().extensionNames());
        var extensions = new ArrayList<ExtensionRequest>();
        for (var request : asked == null ? subject.terms().extensions() : asked) {
            var path = "extensions." + request.name();
            var text = request.version() == null ? "default version" : request.version();
            if (asked != null || before.contains(request.name()) || allowed(request)) {
                extensions.add(request);
                chains.add(new ValueChain(path, List.of(new Link(source, text, Fate.InForce, "")), List.of(), null));
            } else {
                var why = "the policies for this claim do not allow it";
                chains.add(new ValueChain(path, List.of(new Link(source, text, Fate.Conflicts, why)), List.of(), null));
                conflicts.add(new ObjectConflict(
                        source,
                        path,
                        ObjectConflict.Kind.BreaksLimit,
                        "`defaults.extensions`: \"%s\": %s".formatted(request.name(), why)));
            }
        }
        return List.copyOf(extensions);
    }

    private boolean allowed(ExtensionRequest request) {
        return enforced(Limits::extensions, allowed -> {
                    var versions = allowed.get(request.name());
                    return versions != null
                            && (versions.isEmpty()
                                    || (request.version() != null && versions.contains(request.version())));
                })
                && policies.stream()
                        .noneMatch(applied -> applied.enforces() && applied.hasRetired(request.name(), subject.now()));
    }

    private Set<String> listed() {
        var listed = new LinkedHashSet<String>();
        for (var applied : policies) {
            var allowed = applied.enforces() ? applied.limits().extensions() : null;
            if (allowed != null) {
                listed.addAll(allowed.keySet());
            }
        }
        if (lifted.extensions() != null) {
            listed.addAll(lifted.extensions().keySet());
        }
        return listed;
    }

    private Source classSource() {
        return Source.ofClass(subject.terms().className());
    }

    /** Who a claim that says nothing has this from. */
    private Source sourceOf(Default part) {
        return subject.terms().states(part) ? classSource() : Source.BUILT_IN;
    }

    private void chain(String path, @Nullable Object asked, Object ofClass, Source below, String inForce) {
        var links = new ArrayList<Link>();
        if (asked != null) {
            links.add(new Link(Source.CLAIM, inForce, Fate.InForce, ""));
            links.add(new Link(below, String.valueOf(ofClass), Fate.Outranked, ""));
        } else {
            links.add(new Link(below, inForce, Fate.InForce, ""));
        }
        chains.add(new ValueChain(path, links, List.of(), null));
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
                .collect(Collectors.toList());
    }
}
