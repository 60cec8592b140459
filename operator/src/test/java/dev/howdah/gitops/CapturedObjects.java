// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.howdah.SourceTree;
import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.plan.Golden;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Objects as a real API server held them with what the operator wrote, each in a file, for {@link HealthCheck}. */
public final class CapturedObjects {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern RANDOM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\\b\\d{19}\\b");
    private static final Pattern PORT = Pattern.compile("(127\\.0\\.0\\.1:|port\"?: )\\d+");

    /** One object in a state. */
    public record State(Path file, String kind, String name, String health, boolean deleted) {}

    private final List<State> states = new ArrayList<>();
    private final Path folder;
    private final String id;

    /**
     * Into an empty folder.
     *
     * @param id what names end in, in this run only
     */
    public CapturedObjects(Path folder, String id) {
        this.folder = folder;
        this.id = id;
    }

    public List<State> states() {
        return List.copyOf(states);
    }

    /** As it is now; {@code health} is what Argo CD is to make of it. */
    public void add(String name, String health, Resource<? extends HasMetadata> resource) {
        var object = resource.get();
        var file = write(folder.resolve(object.getKind() + "-" + name + ".yaml"), Serialization.asYaml(object));
        var deleted = object.getMetadata().getDeletionTimestamp() != null;
        states.add(new State(file, object.getKind(), name, health, deleted));
    }

    /** Without what the API server alone has to say. */
    private static String lasting(String yaml) {
        var tree = Serialization.unmarshal(yaml, JsonNode.class);
        ((ObjectNode) tree.get("metadata")).remove(List.of("managedFields", "uid", "resourceVersion"));
        return Serialization.asYaml(tree);
    }

    /** What only this run had is made the same in every run. */
    private String settled(String said) {
        var text = said.replace("-" + id, "");
        text = TIME.matcher(text).replaceAll("2026-11-24T00:00:00Z");
        text = RANDOM.matcher(text).replaceAll("7431000000000000000");
        text = PORT.matcher(text).replaceAll("$15432");
        return text.replace(id, "one");
    }

    /** With {@code -Dhowdah.golden=write}: the {@link HealthCases}. */
    public void writeTestdata(List<HealthCheck.Answer> answers) {
        if (!Golden.isWritten()) {
            return;
        }
        for (var kind : HealthCheck.KINDS) {
            var cases = new StringBuilder("tests:\n");
            for (int i = 0; i < answers.size(); i++) {
                var state = states.get(i);
                if (state.kind().equals(kind)) {
                    var input = "testdata/%s_%s.yaml"
                            .formatted(state.health().toLowerCase(java.util.Locale.ROOT), state.name());
                    write(HealthCheck.folder(kind).resolve(input), settled(lasting(SourceTree.read(state.file()))));
                    cases.append("""
                            - healthStatus:
                                status: %s
                                message: %s
                              inputPath: %s
                            """.formatted(
                                    state.health(),
                                    Serialization.asJson(settled(answers.get(i).healthMessage()))
                                            .strip(),
                                    input));
                }
            }
            write(HealthCheck.folder(kind).resolve("health_test.yaml"), cases.toString());
        }
    }

    private static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode status(HasMetadata object) {
        return Serialization.unmarshal(Serialization.asYaml(object), JsonNode.class)
                .path("status");
    }

    /** None while it says nothing. */
    public static List<Condition> conditions(@Nullable HasMetadata object) {
        var conditions = new ArrayList<Condition>();
        if (object != null) {
            status(object)
                    .path("conditions")
                    .forEach(node -> conditions.add(Serialization.unmarshal(node.toString(), Condition.class)));
        }
        return conditions;
    }

    /** Whether the status is about the latest generation. */
    public static boolean isObserved(HasMetadata object) {
        return status(object).path("observedGeneration").asLong(-1)
                == object.getMetadata().getGeneration();
    }
}
