// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.completion;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.cli.world.Surroundings;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What could stand where the cursor is. */
final class Candidates {
    private final CommandSpec top;
    private final Surroundings surroundings;

    Candidates(CommandSpec top, Surroundings surroundings) {
        this.top = top;
        this.surroundings = surroundings;
    }

    /** @param files whether it may be the name of a file */
    record Answer(List<String> words, boolean files) {
        private Answer beginningWith(String begin) {
            return new Answer(
                    words.stream()
                            .filter(word -> word.startsWith(begin))
                            .sorted()
                            .toList(),
                    files);
        }
    }

    /** @param words the ones typed; the last, which may be empty, is to be completed */
    Answer after(List<String> words) {
        var last = words.isEmpty() ? "" : words.getLast();
        var command = top;
        var positional = 0;
        OptionSpec open = null;
        for (var word : words.subList(0, Math.max(0, words.size() - 1))) {
            var sub = command == top ? top.subcommands().get(word) : null;
            if (open != null) {
                open = null;
            } else if (sub != null) {
                command = sub.getCommandSpec();
            } else if (word.startsWith("-")) {
                open = takingValue(command, word);
            } else {
                positional++;
            }
        }
        return at(command, open, positional, last).beginningWith(last);
    }

    private Answer at(CommandSpec command, @Nullable OptionSpec open, int positional, String last) {
        if (open != null) {
            return values(open);
        }
        if (last.startsWith("-")) {
            return new Answer(
                    command.options().stream()
                            .filter(option -> !option.hidden())
                            .flatMap(option -> Stream.of(option.names()))
                            .toList(),
                    false);
        }
        if (command == top) {
            return new Answer(
                    top.subcommands().entrySet().stream()
                            .filter(sub -> !sub.getValue()
                                    .getCommandSpec()
                                    .usageMessage()
                                    .hidden())
                            .map(Map.Entry::getKey)
                            .toList(),
                    false);
        }
        return command.positionalParameters().stream()
                .filter(parameter -> parameter.index().contains(positional))
                .findFirst()
                .map(this::values)
                .orElse(new Answer(List.of(), false));
    }

    /** An option that still waits for its value. */
    private static @Nullable OptionSpec takingValue(CommandSpec command, String word) {
        var option = command.findOption(word);
        return option == null || word.contains("=") || option.arity().max() == 0 ? null : option;
    }

    private Answer values(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            return new Answer(
                    StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                            .toList(),
                    false);
        }
        return switch (String.valueOf(argument.paramLabel())) {
            case "NAMESPACE/CLAIM" -> new Answer(claims(), false);
            case "NAMESPACE" ->
                new Answer(
                        claims().stream()
                                .map(claim -> claim.substring(0, claim.indexOf('/')))
                                .distinct()
                                .toList(),
                        false);
            case "FILE", "DIR" -> new Answer(List.of(), true);
            default -> new Answer(List.of(), argument.type() == Path.class);
        };
    }

    /** Whoever cannot list them types them. */
    private List<String> claims() {
        try (var client = surroundings.cluster().get()) {
            var claims = new ArrayList<String>();
            client.resources(DatabaseClaim.class).inAnyNamespace().list().getItems().stream()
                    .map(claim -> claim.getMetadata().getNamespace() + "/"
                            + claim.getMetadata().getName())
                    .forEach(claims::add);
            return claims;
        } catch (KubernetesClientException e) {
            return List.of();
        }
    }
}
