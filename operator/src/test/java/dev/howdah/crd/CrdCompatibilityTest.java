// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.howdah.api.CommittedCrds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CRDs against those of the last release. {@code make crd-compat} is this alone, and {@code BASE=…} another commit to
 * compare with.
 */
class CrdCompatibilityTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path RESULT = Path.of("target", "crd-compat.txt");

    /** Before policies had extensions, logins were rotated and drift was told. */
    static final String EARLIER = "767224d42f948dc1db27f4e16778ab436afbd5ec";

    private final History history = History.of(REPOSITORY);

    @Test
    void the_last_release_is_compatible() throws IOException {
        var asked = System.getProperty("howdah.crd.base", "");
        var base = asked.isEmpty() ? history.lastRelease() : history.base(asked);
        var lines = new ArrayList<>(List.of(base.explanation()));
        if (base.commit().isPresent()) {
            var commit = base.commit().get();
            var accepted = AcceptedBreaks.read(Files.readString(REPOSITORY.resolve(AcceptedBreaks.NAME)));
            lines.addAll(accepted.verdict(CrdComparison.of(history.crds(commit), CommittedCrds.all())));
            lines.addAll(editedLedgers(commit));
        }
        Files.createDirectories(RESULT.getParent());
        Files.write(RESULT, lines);
        System.out.println(String.join("\n", lines));
        assertThat(lines.subList(1, lines.size())).as(base.explanation()).isEmpty();
    }

    /** What a released version made on a server is not made otherwise afterwards. */
    private List<String> editedLedgers(String commit) throws IOException {
        var folder = "operator/src/test/resources/ledger";
        var lines = new ArrayList<String>();
        for (var file : history.files(commit, folder)) {
            var now = REPOSITORY.resolve(file);
            if (file.matches(".*/v\\d+[^/]*\\.sql")
                    && !(Files.exists(now) && Files.readString(now).equals(history.file(commit, file)))) {
                lines.add("%s is not as %s had it; leave it, and add a migration".formatted(file, commit));
            }
        }
        return lines;
    }

    /** Nothing that a user could have held was removed since; limits were put on texts before anything was released. */
    @Test
    void a_comparison_with_an_earlier_state_of_this_repository() throws IOException {
        assumeThat(history.knows(EARLIER)).as("the history is there").isTrue();
        var former = history.crds(EARLIER);
        assertThat(former).hasSize(5);
        assertThat(CrdComparison.of(former, former)).isEmpty();
        var forwards = CrdComparison.of(former, CommittedCrds.all());
        var backwards = CrdComparison.of(CommittedCrds.all(), former);
        assertThat(backwards)
                .as("what came since is missing the other way round")
                .anySatisfy(found -> {
                    assertThat(found.kind()).isEqualTo("DatabasePolicy");
                    assertThat(found.field()).isEqualTo("spec.defaults.credentials");
                    assertThat(found.rule()).isEqualTo(CrdBreak.Rule.FieldRemoved);
                });
        assertThat(forwards)
                .extracting(CrdBreak::rule)
                .doesNotContain(CrdBreak.Rule.FieldRemoved, CrdBreak.Rule.TypeChanged, CrdBreak.Rule.KindRemoved);
    }

    @Test
    void the_newest_version_before_this_commit_is_the_base(@TempDir Path folder) throws Exception {
        assertThat(History.of(folder).lastRelease().explanation())
                .isEqualTo("crds: there is nothing to compare with, this is no git checkout");
        assumeThat(hasGit())
                .as("there is git: where there is none, nothing is compared")
                .isTrue();
        git(folder, "init", "-q");
        commit(folder, "one");
        assertThat(History.of(folder).lastRelease().explanation())
                .isEqualTo("crds: there is nothing to compare with, no version is tagged yet");
        git(folder, "tag", "other");
        git(folder, "tag", "v0.9.0");
        assertThat(History.of(folder).lastRelease().commit())
                .as("it is that version")
                .isEmpty();
        commit(folder, "two");
        git(folder, "tag", "v0.10.0-rc1");
        git(folder, "tag", "v0.10.0");
        git(folder, "checkout", "-q", "-b", "side");
        commit(folder, "beside");
        git(folder, "tag", "v9.0.0");
        git(folder, "checkout", "-q", "-");
        commit(folder, "three");
        assertThat(History.of(folder).lastRelease().commit()).contains("v0.10.0");
        assertThat(History.of(folder).lastRelease().explanation()).isEqualTo("crds: compared with v0.10.0");

        var clone = folder.resolve("clone");
        git(folder, "clone", "-q", "--depth=1", "--no-tags", folder.toUri().toString(), clone.toString());
        assertThat(History.of(clone).lastRelease().explanation()).contains("this clone is shallow: git fetch");
        // Unpacked inside a checkout of something else.
        assertThat(History.of(Files.createDirectory(folder.resolve("inside")))
                        .lastRelease()
                        .explanation())
                .contains("no git checkout");
    }

    private static void commit(Path folder, String message) throws Exception {
        git(
                folder,
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                message);
    }

    private static boolean hasGit() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            System.out.println("crds: what the base is was not tried, there is no git: " + e.getMessage());
            return false;
        }
    }

    /** Whatever the user signs otherwise. */
    private static void git(Path folder, String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of("git", "-C", folder.toString(), "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"));
        command.addAll(List.of(arguments));
        var git = new ProcessBuilder(command).inheritIO().start();
        assertThat(git.waitFor(30, TimeUnit.SECONDS) && git.exitValue() == 0)
                .as("%s", command)
                .isTrue();
    }
}
