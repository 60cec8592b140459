// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the documents of a YAML or JSON file, and remembers where each field is written. Words such as {@code on} are
 * booleans, as kubectl reads them; anchors and merge keys work; the same key twice is an error.
 */
public final class Documents {
    /** Aliases of aliases can make a small file huge. */
    private static final int MOST_NODES = 1_000_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final YAMLFactory YAML = new YAMLFactory();
    private static final JsonFactory JSON = new JsonFactory();

    private final String file;
    private final JsonParser parser;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    private record Anchored(JsonNode node, int nodes) {}

    private Documents(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * The documents of a text, empty ones left out.
     *
     * @param file how to call it
     * @throws CannotRun when it is neither YAML nor JSON, with the line
     */
    public static List<Document> read(String file, String text) {
        var json = text.stripLeading().startsWith("{");
        try (var parser = json ? JSON.createParser(text) : YAML.createParser(text)) {
            return new Documents(file, parser).all();
        } catch (JsonProcessingException e) {
            var location = e.getLocation();
            throw new CannotRun("%s:%d: %s"
                    .formatted(file, location == null ? 1 : Math.max(1, location.getLineNr()), message(e, json)));
        } catch (IOException e) {
            throw new CannotRun(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** SnakeYAML writes its messages over several lines, with pieces of the text between them. */
    private static String message(JsonProcessingException e, boolean json) {
        var words = e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
        return "not valid " + (json ? "JSON: " : "YAML: ") + words;
    }

    private List<Document> all() throws IOException {
        var documents = new ArrayList<Document>();
        var number = 0;
        while (parser.nextToken() != null) {
            number++;
            lines = new HashMap<>();
            anchors.clear();
            var root = value("");
            if (!root.isNull()) {
                documents.add(new Document(file, number, root, lines));
            }
        }
        return documents;
    }

    private JsonNode value(String path) throws IOException {
        lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            return alias(parser.getText());
        }
        var anchor = parser instanceof YAMLParser ? parser.getObjectId() : null;
        var before = nodes;
        count(1);
        var node = switch (parser.currentToken()) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            default -> NODES.textNode(parser.getText());
        };
        if (anchor != null) {
            anchors.put(String.valueOf(anchor), new Anchored(node, nodes - before));
        }
        return node;
    }

    private void count(int more) {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw new CannotRun("%s: more than %d values, aliases included; split it".formatted(file, MOST_NODES));
        }
    }

    private JsonNode alias(String name) {
        var anchored = anchors.get(name);
        if (anchored == null) {
            throw new CannotRun("%s:%d: not valid YAML: no anchor is called \"%s\""
                    .formatted(file, parser.currentTokenLocation().getLineNr(), name));
        }
        count(anchored.nodes());
        return anchored.node();
    }

    private ObjectNode object(String path) throws IOException {
        var object = NODES.objectNode();
        var merged = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var line = parser.currentTokenLocation().getLineNr();
            var field = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                throw new CannotRun("%s:%d: \"%s\" is there twice; leave one out".formatted(file, line, field));
            }
            lines.put(field, line);
            parser.nextToken();
            var value = value(field);
            if (name.equals("<<") && parser instanceof YAMLParser) {
                merge(value, merged);
            } else {
                object.set(name, value);
            }
        }
        merged.properties().forEach(property -> object.putIfAbsent(property.getKey(), property.getValue()));
        return object;
    }

    private static void merge(JsonNode value, ObjectNode merged) {
        var parts = value.isArray() ? value.valueStream().toList() : List.of(value);
        parts.forEach(part ->
                part.properties().forEach(property -> merged.putIfAbsent(property.getKey(), property.getValue())));
    }

    private ArrayNode array(String path) throws IOException {
        var array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(path + "[" + array.size() + "]"));
        }
        return array;
    }
}
