// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.ExtensionOffer.Extension;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ServerTraits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExtensionRulesTest {
    private static final ServerTraits SERVER = server(
            extension("pg_trgm", true),
            extension("cube", true),
            extension("earthdistance", true, "cube"),
            extension("dblink", false));

    private static final Guards LISTED = Guards.policy(
            "list", "limits: {extensions: [{name: pg_trgm}, {name: hstore, versions: [\"1.7\", \"1.8\"]}]}");

    private static Extension extension(String name, boolean trusted, String... requires) {
        return new Extension(name, "1.0", List.of("1.0", "0.9"), trusted, List.of(requires), null);
    }

    private static ServerTraits server(Extension... extensions) {
        return new ServerTraits(
                "eu",
                true,
                Set.of(),
                new ExtensionOffer(
                        Arrays.stream(extensions).collect(Collectors.toMap(Extension::name, Function.identity()))));
    }

    @Test
    void on_the_list() {
        holds(LISTED, "extensions: [{name: pg_trgm}, {name: hstore, version: \"1.8\"}]");
        holds(LISTED, "extensions: []");
        holds(Guards.policy("silent", "limits: {}"), "extensions: [{name: anything}]");
    }

    @Test
    void not_on_the_list() {
        broken(
                LISTED,
                "extensions: [{name: postgis}]",
                Reason.ExtensionNotAllowed,
                "extensions.postgis",
                "`extensions`: \"postgis\" is not allowed here, must be one of: hstore, pg_trgm (policy \"list\"); leave it out, "
                        + "or ask for a waiver");
        broken(
                Guards.policy("none", "limits: {extensions: []}"),
                "extensions: [{name: pg_trgm}]",
                Reason.ExtensionNotAllowed,
                "extensions.pg_trgm",
                "must be one of: none");
    }

    @Test
    void the_version_is_part_of_the_list() {
        broken(
                LISTED,
                "extensions: [{name: hstore, version: \"1.6\"}]",
                Reason.ExtensionNotAllowed,
                "extensions.hstore",
                "\"hstore\" 1.6 is not allowed here, must be version 1.7, 1.8 (policy \"list\")");
        broken(
                LISTED,
                "extensions: [{name: hstore}]",
                Reason.ExtensionNotAllowed,
                "extensions.hstore",
                "\"hstore\" without a version is not allowed here");
    }

    @Test
    void what_comes_along_is_held_to_the_list_too() {
        var guards = Guards.policy("list", "limits: {extensions: [{name: earthdistance}]}")
                .on(SERVER);
        broken(
                guards,
                "extensions: [{name: earthdistance}]",
                Reason.ExtensionNotAllowed,
                "extensions.cube",
                "\"cube\", which comes along, is not allowed here");
    }

    @Test
    void the_server_has_it() {
        holds(Guards.NONE.on(SERVER), "extensions: [{name: earthdistance, version: \"0.9\"}]");
        broken(
                Guards.NONE.on(SERVER),
                "extensions: [{name: postgis}]",
                Reason.ExtensionNotAvailable,
                "extensions.postgis",
                "\"postgis\" is not installed on \"eu\"",
                "ask a DBA to install the package");
        broken(
                Guards.NONE.on(SERVER),
                "extensions: [{name: cube, version: \"2.0\"}]",
                Reason.ExtensionVersionNotAvailable,
                "extensions.cube",
                "\"eu\" has \"cube\" in 1.0, 0.9, not 2.0");
    }

    @Test
    void what_is_not_trusted_needs_a_policy_that_lists_it() {
        var asked = "extensions: [{name: dblink}]";
        broken(
                Guards.NONE.on(SERVER),
                asked,
                Reason.ExtensionNotAllowed,
                "extensions.dblink",
                "not trusted by PostgreSQL",
                "no policy lists it");
        holds(Guards.policy("list", "limits: {extensions: [{name: dblink}]}").on(SERVER), asked);
        holds(Guards.NONE.on(SERVER).waived("w", Guards.TOMORROW, "{extensions: [{name: dblink}]}"), asked);
        broken(
                Guards.policy("list", "enforcement: Warn\nlimits: {extensions: [{name: dblink}]}")
                        .on(SERVER),
                asked,
                Reason.ExtensionNotAllowed,
                "extensions.dblink");
    }

    @Test
    void a_version_only_rises() {
        var guards = Guards.NONE.bound("extensions: [{name: cube}]", new ExtensionStatus("cube", "1.9", "extensions"));
        holds(guards, "extensions: [{name: cube, version: \"1.10\"}]");
        holds(guards, "extensions: []");
        broken(
                guards,
                "extensions: [{name: cube, version: \"1.8\"}]",
                Reason.FieldImmutable,
                "extensions.cube",
                "\"cube\" is at 1.9 and cannot go back to 1.8");
    }

    @Test
    void versions_are_compared_part_by_part() {
        assertThat(VersionOrder.compare("1.10", "1.9")).isPositive();
        assertThat(VersionOrder.compare("1.9", "1.10")).isNegative();
        assertThat(VersionOrder.compare("3.5.0", "3.5")).isPositive();
        assertThat(VersionOrder.compare("1.0", "1.0")).isZero();
        assertThat(VersionOrder.compare("2.0dev", "2.0")).isPositive();
        assertThat(VersionOrder.compare("99999999999999999999", "9")).isPositive();
        assertThat(VersionOrder.compare("", "1")).isNegative();
    }

    @Test
    void what_comes_along_is_held_to_the_versions_too() {
        var asked = "extensions: [{name: earthdistance}]";
        holds(list("{name: cube, versions: [\"1.0\"]}").on(SERVER), asked);
        broken(
                list("{name: cube, versions: [\"0.9\"]}").on(SERVER),
                asked,
                Reason.ExtensionNotAllowed,
                "extensions.cube",
                "\"cube\", which comes along in 1.0, is not allowed here, must be version 0.9 (policy \"list\"); ask for it by name in one of these");
        holds(
                list("{name: cube, versions: [\"0.9\"]}").on(SERVER),
                "extensions: [{name: earthdistance}, {name: cube, version: \"0.9\"}]");
        // What is there counts, not what another server would install.
        var there = list("{name: cube}").on(SERVER).bound(asked, new ExtensionStatus("cube", "0.9", "extensions"));
        holds(
                there.but("list", "limits: {extensions: [{name: earthdistance}, {name: cube, versions: [\"0.9\"]}]}"),
                asked);
    }

    private static Guards list(String more) {
        return Guards.policy("list", "limits: {extensions: [{name: earthdistance}, %s]}".formatted(more));
    }

    @Test
    void a_version_is_raised_along_paths_that_exist() {
        var lonely = new Extension(
                "lonely",
                "1.2",
                List.of("1.0", "1.1", "1.2", "2.0"),
                true,
                List.of(),
                null,
                java.util.Map.of("1.0", Set.of("1.1", "1.2"), "1.1", Set.of("1.2", "1.0")));
        var guards = Guards.NONE
                .on(server(lonely))
                .bound("extensions: [{name: lonely}]", new ExtensionStatus("lonely", "1.0", "extensions"));
        holds(guards, "extensions: [{name: lonely, version: \"1.2\"}]");
        holds(guards, "extensions: [{name: lonely, version: \"1.0\"}]");
        broken(
                guards,
                "extensions: [{name: lonely, version: \"2.0\"}]",
                Reason.ExtensionVersionNotAvailable,
                "extensions.lonely",
                "`extensions`: \"lonely\" is at 1.0 and \"eu\" has no update path from there to 2.0, only to: 1.1, 1.2; ask for one of these, or leave the version out to stay at 1.0");
        broken(
                Guards.NONE
                        .on(server(lonely))
                        .bound("extensions: [{name: lonely}]", new ExtensionStatus("lonely", "1.2", "extensions")),
                "extensions: [{name: lonely, version: \"2.0\"}]",
                Reason.ExtensionVersionNotAvailable,
                "extensions.lonely",
                "only to: none");
    }
}
