// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The argument that says which claim a verb is about. */
public final class ClaimArgument {
    @Parameters(index = "0", paramLabel = "NAMESPACE/CLAIM", description = "The claim.")
    private String claim = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The claim's namespace, where it is not said before its name. Of a cluster: the context's.")
    private @Nullable String namespace;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec verb;

    /** Before these sources are read; files have no context. */
    public ClaimKey key(Sources sources, Surroundings surroundings) {
        return sources.fromFiles() ? key() : key(surroundings);
    }

    /** Before a cluster is asked: as kubectl does, the namespace of its context holds where none is named. */
    public ClaimKey key(Surroundings surroundings) {
        var key = ClaimKey.of(claim, namespace, () -> Sources.namespace(surroundings));
        namespace = key.namespace();
        return key;
    }

    public ClaimKey key() {
        return ClaimKey.of(claim, namespace);
    }

    /** The claim; where there is none, that is said on standard error. */
    public Optional<DatabaseClaim> find(World world) {
        var key = key().toString();
        var found = world.claims().get(key);
        if (found == null) {
            missing(new Missing(world, key).text());
        }
        return Optional.ofNullable(found);
    }

    /** Says that what was asked about is not there. */
    public void missing(String text) {
        var err = Objects.requireNonNull(verb).commandLine().getErr();
        err.println("howdah: " + text);
        err.flush();
    }
}
