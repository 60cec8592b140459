// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.policy.Source;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.UnknownParameter;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Bound;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How the parameters of a claim come about. */
final class ParameterMerge {
    private final Subject subject;
    private final ParameterCatalog catalog;
    private final int major;
    private final ByParameter said;
    private final SortedMap<String, String> claimed;
    private final SortedMap<String, String> ofClass;
    private final SortedMap<String, ParameterValue> values = new TreeMap<>();
    private final SortedMap<String, ParameterValue> asked = new TreeMap<>();
    private final List<ValueChain> chains = new ArrayList<>();
    private final List<ObjectConflict> conflicts = new ArrayList<>();

    ParameterMerge(Subject subject, List<Applied> policies, int major) {
        this.subject = subject;
        this.major = major;
        this.said = new ByParameter(policies, major);
        this.catalog = ParameterCatalog.of(major);
        this.claimed = canonical(subject.spec().parameters());
        this.ofClass = canonical(subject.classParameters());
        names().forEach(this::merge);
    }

    /** As PostgreSQL is to be told. */
    SortedMap<String, String> values() {
        var settings = new TreeMap<String, String>();
        values.forEach((name, value) -> settings.put(name, value.setting()));
        return settings;
    }

    SortedMap<String, ParameterValue> asked() {
        return asked;
    }

    List<ValueChain> chains() {
        return chains;
    }

    List<ObjectConflict> conflicts() {
        return conflicts;
    }

    /** By PostgreSQL's own spelling; what it does not know stays as it is written. */
    private SortedMap<String, String> canonical(@Nullable Map<String, String> given) {
        var canonical = new TreeMap<String, String>();
        if (given != null) {
            new TreeMap<>(given)
                    .forEach((name, text) -> canonical.put(
                            catalog.find(name).map(Parameter::name).orElse(name), text));
        }
        return canonical;
    }

    private TreeSet<String> names() {
        var names = new TreeSet<>(claimed.keySet());
        names.addAll(ofClass.keySet());
        names.addAll(said.set());
        return names;
    }

    /** One word of somebody, before it is weighed. {@code acts} is false for a mere preview. */
    private record Word(Source source, String text, boolean acts) {}

    /** Highest first. */
    private List<Word> words(String name) {
        var words = new ArrayList<Word>();
        said.overrides(name).forEach(setting -> words.add(word(setting)));
        if (claimed.containsKey(name)) {
            words.add(new Word(Source.CLAIM, claimed.get(name), true));
        }
        if (ofClass.containsKey(name)) {
            words.add(new Word(Source.ofClass(subject.terms().className()), ofClass.get(name), true));
        }
        said.defaults(name).forEach(setting -> words.add(word(setting)));
        return words;
    }

    private static Word word(ByParameter.Setting setting) {
        return new Word(setting.source(), setting.text(), setting.applied().enforces());
    }

    private void merge(String name) {
        var parameter = catalog.find(name);
        var links = new ArrayList<Link>();
        Source winner = null;
        for (var word : words(name)) {
            if (!word.acts()) {
                links.add(new Link(word.source(), word.text(), Fate.Preview, "its policy is not in Enforce"));
            } else if (winner != null) {
                links.add(new Link(word.source(), word.text(), Fate.Outranked, ""));
                outranked(name, word, winner);
            } else {
                var weighed = weigh(name, word, parameter);
                links.add(weighed.link());
                if (weighed.value() != null) {
                    winner = word.source();
                    values.put(name, weighed.value());
                }
            }
        }
        chains.add(new ValueChain(
                "parameters." + name,
                links,
                bounds(name),
                parameter.map(p -> p.binding().name().toLowerCase(Locale.ROOT)).orElse(null)));
    }

    private void outranked(String name, Word word, Source winner) {
        if (word.source().layer() == winner.layer() && winner.layer() == Layer.PolicyOverride) {
            conflict(
                    word.source(),
                    name,
                    ObjectConflict.Kind.Outranked,
                    // Joined, not formatted: there can be many of these.
                    "policy \"" + winner.name() + "\" overrides `parameters." + name
                            + "` too and ranks higher; agree on one, or set priority");
        }
    }

    /** {@code value} is {@code null} where the word does not count. */
    private record Weighed(Link link, @Nullable ParameterValue value) {}

    private static Weighed inForce(Word word, ParameterValue value, String note) {
        return new Weighed(new Link(word.source(), value.text(), Fate.InForce, note), value);
    }

    private static Weighed not(Word word, String text, Fate fate, String why) {
        return new Weighed(new Link(word.source(), text, fate, why), null);
    }

    private Weighed weigh(String name, Word word, Optional<Parameter> known) {
        var claims = word.source().layer() == Layer.Claim;
        if (known.isEmpty()) {
            return claims
                    ? not(word, word.text(), Fate.Refused, "PostgreSQL " + major + " does not know it")
                    : notApplicable(name, word, "PostgreSQL " + major + " does not have it");
        }
        var parameter = known.get();
        var refusal = parameter.refusal();
        if (refusal.isPresent()) {
            return unusable(name, word, refusal.get());
        }
        return switch (ParameterValue.parse(parameter, word.text())) {
            case ParameterValue.Fault(var message) -> unusable(name, word, message);
            case ParameterValue.Value(var value) ->
                claims ? claimed(name, word, value) : offered(name, word, parameter, value);
        };
    }

    private Weighed unusable(String name, Word word, String why) {
        if (word.source().layer() == Layer.Claim) {
            return not(word, word.text(), Fate.Refused, why);
        }
        conflict(word.source(), name, ObjectConflict.Kind.BreaksLimit, "`parameters.%s`: %s".formatted(name, why));
        return not(word, word.text(), Fate.Conflicts, why);
    }

    private Weighed notApplicable(String name, Word word, String why) {
        if (word.source().layer() == Layer.Class
                && ParameterCatalog.majors().stream()
                        .noneMatch(m -> ParameterCatalog.of(m).find(name).isPresent())) {
            return unusable(name, word, UnknownParameter.message(major, name));
        }
        return not(word, word.text(), Fate.NotApplicable, why);
    }

    private Weighed claimed(String name, Word word, ParameterValue value) {
        asked.put(name, value);
        var accepted = subject.accepted();
        var path = "parameters." + name;
        if (accepted == null || !accepted.grounds().waived().containsKey(path) || breaks(name, value) == null) {
            return inForce(word, value, "");
        }
        var waiver = accepted.grounds().waived().get(path);
        var back = backAtTheLimit(name, value);
        return back != null
                ? inForce(
                        word,
                        back,
                        "asked for %s; back at the limit since waiver \"%s\" is over".formatted(value.text(), waiver))
                : not(word, value.text(), Fate.Refused, "waiver \"%s\" is over".formatted(waiver));
    }

    private @Nullable ParameterValue backAtTheLimit(String name, ParameterValue value) {
        var back = value;
        for (var limit : said.limits(name)) {
            if (limit.applied().enforces() && !limit.range().range().allows(back)) {
                back = limit.range().range().nearest(back).orElse(null);
                if (back == null) {
                    return null;
                }
            }
        }
        return breaks(name, back) == null ? back : null;
    }

    private Weighed offered(String name, Word word, Parameter parameter, ParameterValue value) {
        var server = subject.server();
        if (server != null && parameter.scope() == Parameter.Scope.POLICY && !server.canSet(name)) {
            var why = "the admin of server \"%s\" may not set it: GRANT SET ON PARAMETER %s to it, or use a superuser"
                    .formatted(server.name(), name);
            conflict(word.source(), name, ObjectConflict.Kind.ServerCannot, "`parameters.%s`: %s".formatted(name, why));
            return not(word, value.text(), Fate.NotApplicable, why);
        }
        var broken = breaks(name, value);
        if (broken == null || standsAlready(name, word, value)) {
            return inForce(word, value, broken == null ? "" : "as last accepted");
        }
        var why = "%s breaks the limit of policy \"%s\" (%s)"
                .formatted(
                        value.text(),
                        broken.applied().policy().name(),
                        broken.range().text());
        conflict(word.source(), name, ObjectConflict.Kind.BreaksLimit, "`parameters.%s`: %s".formatted(name, why));
        return not(word, value.text(), Fate.Conflicts, why);
    }

    /** A limit that came later does not take away what runs; a waiver that is over does. */
    private boolean standsAlready(String name, Word word, ParameterValue value) {
        var accepted = subject.accepted();
        return accepted != null
                && !accepted.grounds().waived().containsKey("parameters." + name)
                && value.setting().equals(accepted.claim().parameters().get(name))
                && accepted.grounds().values().stream()
                        .anyMatch(v -> v.path().equals("parameters." + name)
                                && v.source().equals(word.source().text()));
    }

    /** The limit of a policy in Enforce that a value breaks. */
    private ByParameter.@Nullable Limit breaks(String name, ParameterValue value) {
        for (var limit : said.limits(name)) {
            if (limit.applied().enforces() && !limit.range().range().allows(value)) {
                return limit;
            }
        }
        return null;
    }

    private List<Bound> bounds(String name) {
        var limits = said.limits(name);
        if (limits.isEmpty()) {
            return List.of();
        }
        var waiver = subject.waiver(lifted -> lifted.parameter(major, name) != null);
        var bounds = new ArrayList<Bound>();
        for (var limit : limits) {
            var policy = limit.applied().policy();
            bounds.add(new Bound(
                    policy.name(), policy.enforcement().name(), limit.range().text(), waiver));
        }
        return bounds;
    }

    private void conflict(Source author, String name, ObjectConflict.Kind kind, String message) {
        conflicts.add(new ObjectConflict(author, "parameters." + name, kind, message));
    }
}
