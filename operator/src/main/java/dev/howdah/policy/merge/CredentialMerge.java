// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.DurationText;
import dev.howdah.policy.Source;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How it comes about when logins get new passwords. A claim has no word in it. */
final class CredentialMerge {
    private static final String NEVER = "never";

    private final Subject subject;
    private final List<Applied> policies;
    private final List<ValueChain> chains = new ArrayList<>();
    private final List<ObjectConflict> conflicts = new ArrayList<>();
    private final CredentialTerms terms;

    CredentialMerge(Subject subject, List<Applied> policies) {
        this.subject = subject;
        this.policies = policies;
        this.terms = new CredentialTerms(
                merge("credentials.rotateEvery", CredentialTerms::rotateEvery, NEVER),
                merge(
                        "credentials.overlap",
                        CredentialTerms::overlap,
                        DurationText.format(CredentialTerms.DEFAULT_OVERLAP)),
                merge("credentials.closeAfter", CredentialTerms::closeAfter, NEVER));
    }

    CredentialTerms terms() {
        return terms;
    }

    List<ValueChain> chains() {
        return chains;
    }

    List<ObjectConflict> conflicts() {
        return conflicts;
    }

    /** {@code acts} is false for a mere preview. */
    private record Word(Source source, Duration value, boolean acts) {}

    private @Nullable Duration merge(String path, Function<CredentialTerms, @Nullable Duration> part, String builtIn) {
        var links = new ArrayList<Link>();
        Word winner = null;
        for (var word : words(part)) {
            var text = DurationText.format(word.value());
            if (!word.acts()) {
                links.add(new Link(word.source(), text, Fate.Preview, "its policy is not in Enforce"));
            } else if (winner == null) {
                winner = word;
                links.add(new Link(word.source(), text, Fate.InForce, ""));
            } else {
                links.add(new Link(word.source(), text, Fate.Outranked, ""));
                outranked(path, word, winner);
            }
        }
        if (winner == null) {
            links.add(new Link(Source.BUILT_IN, builtIn, Fate.InForce, ""));
        }
        chains.add(new ValueChain(path, links, List.of(), null));
        return winner == null ? null : winner.value();
    }

    /** Highest first. */
    private List<Word> words(Function<CredentialTerms, @Nullable Duration> part) {
        var words = new ArrayList<Word>();
        for (var applied : policies) {
            add(
                    words,
                    applied,
                    Layer.PolicyOverride,
                    part.apply(applied.policy().credentialOverrides()));
        }
        var ofClass = part.apply(subject.terms().credentials());
        if (ofClass != null) {
            words.add(new Word(Source.ofClass(subject.terms().className()), ofClass, true));
        }
        for (var applied : policies) {
            add(words, applied, Layer.PolicyDefault, part.apply(applied.policy().credentialDefaults()));
        }
        return words;
    }

    private static void add(List<Word> words, Applied applied, Layer layer, @Nullable Duration value) {
        if (value != null) {
            words.add(new Word(new Source(layer, applied.policy().name()), value, applied.enforces()));
        }
    }

    private void outranked(String path, Word word, Word winner) {
        if (word.source().layer() == Layer.PolicyOverride && winner.source().layer() == Layer.PolicyOverride) {
            conflicts.add(new ObjectConflict(
                    word.source(),
                    path,
                    ObjectConflict.Kind.Outranked,
                    "policy \"%s\" overrides `%s` too and ranks higher; agree on one, or set priority"
                            .formatted(winner.source().name(), path)));
        }
    }
}
