// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import dev.howdah.cli.doctor.InstallationOptions;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.status.StatusAnswer;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.Surroundings;
import dev.howdah.cli.world.WorldCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code howdah report}. */
@Command(
        name = "report",
        description =
                "Write objects, events, conditions, versions and logs into a zip file, for whoever is asked for help.",
        footer = {
            "",
            "No Secret is in it, only which there are and the names of their keys. Whatever",
            "they hold is taken out of everything else, and so is what looks like a password.",
            "",
            "Exit code: 0 written, also where this user may not see everything, 2 not written.",
            "",
            "  howdah report",
            "  howdah report -n shop --to shop.zip"
        })
public final class ReportCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Surroundings surroundings;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Claims, events and Secrets of this namespace only.")
    private @Nullable String namespace;

    @Option(names = "--to", paramLabel = "FILE", description = "The file. Default: howdah-report-<time>.zip, here.")
    private @Nullable Path to;

    @Mixin
    private InstallationOptions installation = new InstallationOptions();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public ReportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var now = surroundings.clock().instant();
        var file = to == null ? Path.of("howdah-report-%s.zip".formatted(STAMP.format(now))) : to;
        try (var client = surroundings.cluster().get()) {
            var versions = versions(client);
            var collector = new Collector(client, installation, namespace);
            var secrets = collector.secrets();
            var bundle = new Bundle(Redaction.of(secrets));
            bundle.add("versions.txt", versions);
            collector.gather(bundle, secrets);
            var left = new ArrayList<>(collector.left());
            judgements(client, now, bundle, left);
            bundle.add("README.txt", readme(now, left, bundle));
            bundle.write(file, now);
            var answer = new ReportAnswer(file.toString(), bundle.names(), left);
            output.print(answer, answer::page);
            return Exit.FINE;
        }
    }

    private String versions(KubernetesClient client) {
        try {
            return "%s%nKubernetes %s%n"
                    .formatted(
                            surroundings.version(),
                            client.getKubernetesVersion().getGitVersion());
        } catch (KubernetesClientException e) {
            throw WorldCluster.silent(client, e);
        }
    }

    /** What this build makes of it all. */
    private void judgements(KubernetesClient client, Instant now, Bundle bundle, List<String> left) {
        try {
            bundle.add("doctor.txt", installation.examine(client, now).page().toString());
            bundle.add(
                    "status.txt",
                    StatusAnswer.of(WorldCluster.read(client, namespace), namespace)
                            .page()
                            .toString());
        } catch (CannotRun e) {
            left.add(String.valueOf(e.getMessage()));
        }
    }

    private static String readme(Instant now, List<String> left, Bundle bundle) {
        var logs = bundle.names().stream().anyMatch(name -> name.startsWith("logs/"))
                ? "logs/          the last lines of the operator's pods\n"
                : "";
        return """
        A report of howdah, made at %s.

        versions.txt   of the command line and of the cluster
        doctor.txt     what howdah doctor says
        status.txt     what howdah status says
        objects/       as they are in the cluster, without managedFields
        crds.txt       versions of the definitions
        events.txt     about claims, servers and policies, and beside the operator
        %ssecrets.yaml   which there are and the names of their keys

        %s stands where a value of a Secret stood, or what looked like a password.

        Not in it, because this user may not see it or it was not there:
        %s
        """.formatted(now, logs, Redaction.GONE, left.isEmpty() ? "(nothing)" : String.join("\n", left));
    }
}
