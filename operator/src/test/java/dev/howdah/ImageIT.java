// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make image}, on a base that needs no registry: what is in the image, and that it serves a claim. */
class ImageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TERMINATED = 143;

    @TempDir
    static Path folder;

    private record Outcome(int exit, String text) {}

    @BeforeAll
    static void only_linux_makes_one() {
        assumeThat(System.getProperty("os.name"))
                .as("an image is built on Linux only")
                .isEqualTo("Linux");
    }

    @Test
    void it_runs_as_anybody_on_a_root_that_is_not_written_to() throws Exception {
        var base = base();
        byte[] pushed;
        try (var registry = ImageRegistry.start(folder.resolve("registry.p12"))) {
            var to = registry.name() + "/platform/howdah:mine";
            var made = image("--base=tar://" + base, "--out=" + folder.resolve("out"), "--push=" + to);
            assertThat(made.exit()).as(made.text()).isZero();
            assertThat(made.text()).contains(folder.resolve("out/howdah-image.tar") + "   # howdah:");
            pushed = registry.manifest("mine");
            assertThat(made.text()).endsWith(to + "@" + ImageRegistry.digest(pushed) + "\n");
            assertThat(JSON.readTree(pushed).get("layers"))
                    .hasSize(5)
                    .allSatisfy(layer -> assertThat(
                                    registry.hasBlob(layer.get("digest").asText()))
                            .isTrue());
        }

        var archive = unpacked(folder.resolve("out/howdah-image.tar"), folder.resolve("archive"));
        var manifest = JSON.readTree(archive.resolve("manifest.json").toFile()).get(0);
        var version = itsChart().get("appVersion").asText();
        assertThat(manifest.at("/RepoTags/0").asText())
                .as("what the chart asks for")
                .isEqualTo("howdah:" + version);
        var config =
                JSON.readTree(archive.resolve(manifest.get("Config").asText()).toFile());
        assertThat(JSON.readTree(pushed).at("/config/digest").asText())
                .as("what is pushed is what is in the file")
                .isEqualTo(ImageRegistry.digest(Files.readAllBytes(archive.resolve("config.json"))));
        itSaysWhatItIs(config, version);

        var root = Files.createDirectory(
                folder.resolve("root"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        for (var layer : manifest.get("Layers")) {
            unpacked(archive.resolve(layer.asText()), root);
        }
        itsBomNamesAll(root);
        itServesAClaim(root, config.get("config"));
    }

    @Test
    void what_is_missing_is_one_line() throws Exception {
        var unreachable = image("--base=localhost:1/base@sha256:" + "0".repeat(64), "--out=" + folder.resolve("none"));
        assertThat(unreachable.exit()).isEqualTo(1);
        assertThat(unreachable.text().lines()).hasSize(1);
        assertThat(unreachable.text())
                .startsWith("image: the base localhost:1/base@sha256:000")
                .contains("cannot be fetched: ", "BASE=tar:///FILE", "crane pull");

        var unreadable = image("--base=tar:///nowhere/base.tar", "--out=" + folder.resolve("none"));
        assertThat(unreadable.exit()).isEqualTo(1);
        assertThat(unreadable.text()).startsWith("image: the base tar:///nowhere/base.tar cannot be read: NoSuchFile");

        var nameless = image("--base=tar:///nowhere/base.tar", "--push=No Name");
        assertThat(nameless.text()).isEqualTo("image: PUSH=No Name is no name of an image: say REGISTRY/NAME:TAG\n");
        assertThat(nameless.exit()).isEqualTo(1);

        var wrong = image("--tag=mine");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.text()).startsWith("image: unknown argument: --tag=mine\nusage: howdah image ");
    }

    @Test
    void make_says_the_same() throws Exception {
        var page = SourceTree.read(SourceTree.REPOSITORY.resolve("docs/install.md"));
        for (var asked : Map.of(
                        "make image PUSH=registry.example.com/platform/howdah:0.1.0-SNAPSHOT",
                        "./howdah image --push='registry.example.com/platform/howdah:0.1.0-SNAPSHOT'",
                        "make image BASE=tar:///tmp/base.tar",
                        "./howdah image --base='tar:///tmp/base.tar'")
                .entrySet()) {
            assertThat(page).contains("`" + asked.getKey() + "`");
            var words = new ArrayList<>(List.of(asked.getKey().split(" ")));
            words.addAll(1, List.of("-n", "-C", SourceTree.REPOSITORY.toString()));
            assertThat(run(words).text().lines().map(String::strip)).anyMatch(asked.getValue()::equals);
        }
        assertThat(page).contains("/opt/java/bin/java @/opt/howdah/java.args dev.howdah.app.Main --version");
    }

    private static JsonNode itsChart() throws IOException {
        return new YAMLMapper()
                .readTree(SourceTree.REPOSITORY
                        .resolve("charts/howdah/Chart.yaml")
                        .toFile());
    }

    private static void itSaysWhatItIs(JsonNode image, String version) {
        var config = image.get("config");
        assertThat(config.get("User").asText())
                .as("runAsNonRoot wants a number")
                .isEqualTo("65532:65532");
        assertThat(texts(config.get("Entrypoint")))
                .containsExactly("/opt/java/bin/java", "@/opt/howdah/java.args", "dev.howdah.app.Main");
        assertThat(texts(config.get("Cmd"))).containsExactly("run");
        assertThat(texts(config.get("Env"))).as("the base's alone").containsExactly("PATH=/usr/bin");
        assertThat(config.get("ExposedPorts").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("9000/tcp", "8443/tcp");
        var labels = "/config/Labels/org.opencontainers.image.";
        assertThat(image.at(labels + "title").asText()).isEqualTo("howdah");
        assertThat(image.at(labels + "version").asText()).isEqualTo(version);
        assertThat(image.at(labels + "licenses").asText()).isEqualTo("Apache-2.0");
        assertThat(image.at(labels + "created").asText())
                .isEqualTo(image.get("created").asText());
        assertThat(StreamSupport.stream(image.get("history").spliterator(), false)
                        .map(layer -> layer.path("comment").asText())
                        .filter(comment -> !comment.isEmpty()))
                .as("what changes rarely first")
                .containsExactly("java runtime", "dependencies", "application", "start cache");
    }

    private static void itsBomNamesAll(Path root) throws IOException {
        var text = Files.readString(root.resolve("opt/howdah/sbom.cdx.json"));
        assertThat(folder.resolve("out/howdah-image.cdx.json")).hasContent(text);
        var bom = JSON.readTree(text);
        assertThat(bom.get("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.get("specVersion").asText()).isEqualTo("1.6");
        assertThat(bom.at("/metadata/component/type").asText()).isEqualTo("container");
        var jars = new ArrayList<String>();
        var purls = new ArrayList<String>();
        for (var component : bom.get("components")) {
            jars.add(component.path("group").asText() + "."
                    + component.get("name").asText() + "-"
                    + component.path("version").asText() + ".jar");
            purls.add(component.path("purl").asText());
        }
        assertThat(purls)
                .anyMatch(purl -> purl.startsWith("pkg:maven/org.postgresql/postgresql@"))
                .anyMatch(purl -> purl.startsWith("pkg:maven/io.fabric8/kubernetes-client@"));
        assertThat(text).contains("\"name\" : \"openjdk\"", "\"version\" : \"" + Runtime.version());
        try (var libraries = Files.list(root.resolve("opt/howdah/lib"))) {
            assertThat(libraries.map(jar -> jar.getFileName().toString()))
                    .hasSizeGreaterThan(100)
                    .isSubsetOf(jars);
        }
    }

    private static void itServesAClaim(Path root, JsonNode config) throws Exception {
        try (var cluster = InstalledCluster.start()) {
            var postgres = TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "image"));
            cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
            cluster.offer("main", 18, true);
            cluster.createNamespace("shop");

            var entrypoint = texts(config.get("Entrypoint"));
            var version = run(relocated(
                    root,
                    Stream.concat(entrypoint.stream(), Stream.of("--version")).toList()));
            assertThat(version.exit()).as(version.text()).isZero();
            assertThat(version.text()).startsWith("howdah ").doesNotContain("(not packaged)");
            var inside = new ArrayList<>(entrypoint);
            inside.addAll(texts(config.get("Cmd")));
            var environment = new HashMap<>(cluster.environment());
            // Where the JVM would go on without its cache, it is to end.
            environment.put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
            environment.put("HOWDAH_LEADER_ELECTION_LEASE_DURATION", "90s");
            environment.put("HOWDAH_LEADER_ELECTION_RENEW_DEADLINE", "80s");
            List<String> command;
            if (canConfine()) {
                var tmp = Files.createDirectory(folder.resolve("tmp"));
                Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
                var kubeconfig = Files.copy(Path.of(environment.get("KUBECONFIG")), tmp.resolve("kubeconfig"));
                Files.setPosixFilePermissions(kubeconfig, PosixFilePermissions.fromString("r--r--r--"));
                environment.put("KUBECONFIG", "/tmp/kubeconfig");
                command = confined(root, tmp, config.get("User").asText(), inside);
            } else {
                System.out.println(
                        "[image] this user may not give a process another root: it runs from where it was unpacked");
                command = relocated(root, inside);
            }
            var before = contents(root);
            try (var operator = OperatorProcess.of(command, environment).awaitReady(PATIENCE)) {
                assertThat(operator.get("/health/live").statusCode()).isEqualTo(200);
                cluster.claim("shop", "orders", "{connections: 5}");
                cluster.awaitReady("shop", "orders");
                assertThat(operator.terminate()).isIn(0, TERMINATED);
                assertThat(operator.output())
                        .contains("howdah has stopped")
                        .doesNotContain("ERROR", "Exception", "[warning]");
            }
            assertThat(contents(root)).isEqualTo(before);
        }
    }

    /** Whether this user may give a process another root, as a container runtime does. */
    private static boolean canConfine() throws InterruptedException {
        try {
            return run(List.of("unshare", "-m", "chroot", "--userspec=65532:65532", "/", "true"))
                            .exit()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** As the chart runs it: another user, a root that cannot be written to, and a /tmp. */
    private static List<String> confined(Path root, Path tmp, String user, List<String> inside) {
        var command =
                new ArrayList<>(List.of("unshare", "-m", "/bin/sh", "-c", """
                mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" &&
                mount --bind "$1" "$0/tmp" && root=$0 && user=$2 && shift 2 && exec chroot --userspec="$user" "$root" "$@"
                """, root.toString(), tmp.toString(), user));
        command.addAll(inside);
        return command;
    }

    /** The same files where they lie, with this machine's libraries. */
    private static List<String> relocated(Path root, List<String> inside) throws IOException {
        var command = new ArrayList<String>();
        for (var word : inside) {
            if (word.startsWith("@")) {
                for (var line : Files.readAllLines(root.resolve(word.substring(2)))) {
                    command.add(line.replace("/opt/howdah/", root + "/opt/howdah/"));
                }
            } else {
                command.add(word.startsWith("/") ? root + word : word);
            }
        }
        return command;
    }

    private static Map<String, String> contents(Path root) throws IOException {
        var found = new TreeMap<String, String>();
        try (var files = Files.walk(root)) {
            for (var file : (Iterable<Path>) files::iterator) {
                found.put(
                        file.toString(),
                        Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS) + " "
                                + Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return found;
    }

    /** A base with what any small base of glibc has: this machine's. */
    private static Path base() throws Exception {
        var made = Files.createDirectory(folder.resolve("base"));
        var files = Files.createDirectory(made.resolve("files"));
        for (var empty : List.of("tmp", "proc", "etc")) {
            Files.createDirectory(files.resolve(empty));
        }
        Files.writeString(files.resolve("etc/passwd"), "nonroot:x:65532:65532::/:/sbin/nologin\n");
        var java = Path.of(System.getProperty("java.home"));
        var needed = run(List.of("ldd", java.resolve("lib/server/libjvm.so").toString(), java + "/bin/java"));
        Pattern.compile("(?<=\\s)/(usr/)?lib\\S*")
                .matcher(needed.text())
                .results()
                .map(found -> Path.of(found.group()))
                .filter(library -> !library.startsWith(java))
                .distinct()
                .forEach(library ->
                        copy(library, files.resolve(library.toString().substring(1))));
        run(List.of(
                "tar", "-C", files.toString(), "-cf", made.resolve("layer.tar").toString(), "."));
        var id = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(made.resolve("layer.tar"))));
        var architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Files.writeString(made.resolve("config.json"), """
                {"architecture": "%s", "os": "linux", "config": {"Env": ["PATH=/usr/bin"]},
                 "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}, "history": [{"created_by": "test"}]}
                """.formatted(architecture, id));
        Files.writeString(made.resolve("manifest.json"), """
                [{"Config": "config.json", "RepoTags": ["base:test"], "Layers": ["layer.tar"]}]
                """);
        var tarball = folder.resolve("base.tar");
        var packed = run(List.of(
                "tar", "-C", made.toString(), "-cf", tarball.toString(), "manifest.json", "config.json", "layer.tar"));
        assertThat(packed.exit()).as(packed.text()).isZero();
        return tarball;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpacked(Path archive, Path into) throws Exception {
        Files.createDirectories(into);
        var unpacked = run(List.of("tar", "-xf", archive.toString(), "-C", into.toString()));
        assertThat(unpacked.exit()).as(unpacked.text()).isZero();
        return into;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Outcome image(String... arguments) throws Exception {
        var command =
                new ArrayList<>(List.of(SourceTree.REPOSITORY.resolve("howdah").toString(), "image"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "output", ".txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(10, TimeUnit.MINUTES))
                    .as(() -> command + " ends; it said " + SourceTree.read(output))
                    .isTrue();
            return new Outcome(process.exitValue(), SourceTree.read(output));
        } finally {
            process.destroyForcibly();
        }
    }
}
