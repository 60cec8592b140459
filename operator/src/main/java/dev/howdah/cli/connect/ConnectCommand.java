// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.connect;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.ClaimKey;
import dev.howdah.cli.world.SecretSeen;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code howdah connect}. */
@Command(
        name = "connect",
        description =
                "Log in as a claim's application would, say what the login may do, and show lines to copy into it.",
        footer = {
            "",
            "No password is shown unless --show-password asks for it.",
            "",
            "Exit code: 0 the login works, or was not to be tried, 1 it does not, or not from",
            "here, or there is none, 2 could not be told.",
            "",
            "  howdah connect shop/orders",
            "  howdah connect shop/orders report --for python --for psql",
            "  howdah connect shop/orders --via localhost:15432"
        })
public final class ConnectCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ClaimArgument claim = new ClaimArgument();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "LOGIN",
            description = "Name of an entry of its access. Default: that of the binding.")
    private @Nullable String login;

    @Option(
            names = "--for",
            paramLabel = "LANGUAGE",
            description = "Only the lines for this: ${COMPLETION-CANDIDATES}. May be repeated.")
    private List<Language> languages = new ArrayList<>();

    @Option(
            names = "--via",
            paramLabel = "HOST:PORT",
            description = "Where to try the login, instead of where applications go: such as a forwarded port.")
    private @Nullable String via;

    @Option(names = "--no-login", description = "Try no login.")
    private boolean noLogin;

    @Option(names = "--show-password", description = "Show the password too.")
    private boolean showPassword;

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public ConnectCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var key = claim.key(sources, surroundings);
        var way = via == null ? null : WayIn.of(via);
        var world = sources.claims(surroundings, key.namespace());
        var found = claim.find(world);
        if (found.isEmpty()) {
            return Exit.FINDINGS;
        }
        var access = access(found.get());
        if (access.isEmpty()) {
            claim.missing(noLogin(found.get(), key));
            return Exit.FINDINGS;
        }
        var connecting = new Connecting(found.get(), access.get(), world, wanted(), way, showPassword);
        if (sources.fromFiles()) {
            return answer(connecting.with(new SecretSeen.NotAsked(), null));
        }
        try (var client = surroundings.cluster().get()) {
            var secret = noLogin && !showPassword
                    ? new SecretSeen.NotAsked()
                    : SecretSeen.look(client, key.namespace(), access.get().secretName());
            return answer(connecting.with(secret, noLogin ? null : surroundings.logins()));
        }
    }

    private List<Language> wanted() {
        return languages.isEmpty()
                ? Arrays.asList(Language.values())
                : languages.stream().distinct().toList();
    }

    /** The one that was named, or that of the binding. */
    private Optional<AccessStatus> access(DatabaseClaim found) {
        var status = found.getStatus();
        var published = status == null ? null : status.access();
        if (published == null || published.isEmpty()) {
            return Optional.empty();
        }
        if (login == null) {
            return Optional.of(published.stream()
                    .filter(access -> isBinding(status, access))
                    .findFirst()
                    .orElse(published.getFirst()));
        }
        return published.stream().filter(access -> access.name().equals(login)).findFirst();
    }

    private String noLogin(DatabaseClaim found, ClaimKey key) {
        var published = found.getStatus() == null ? null : found.getStatus().access();
        return published == null || published.isEmpty()
                ? "the claim %s has no login yet; see howdah status %s".formatted(key, key)
                : "the claim %s has no login \"%s\"; it has %s"
                        .formatted(
                                key,
                                login,
                                published.stream().map(AccessStatus::name).collect(Collectors.joining(", ")));
    }

    private static boolean isBinding(DatabaseClaimStatus status, AccessStatus access) {
        return status.binding() != null && status.binding().name().equals(access.secretName());
    }

    private int answer(ConnectAnswer answer) {
        output.print(answer, answer::page);
        return Exit.of(answer.fine());
    }
}
