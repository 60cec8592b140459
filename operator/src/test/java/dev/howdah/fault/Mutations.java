// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Edits of a spec: at a path of its schema, a value that means something there, or one at its borders, or none that
 * belongs there. Decided by a seed; what the schema says of types and words is read from it.
 */
final class Mutations {
    /** What a field's name or its parent's tells; good and bad ones. */
    private static final Map<String, List<@Nullable Object>> MEANT = Map.ofEntries(
            Map.entry("className", Arrays.asList("standard", "passing", "standard", "nosuch", "Not a name", "")),
            Map.entry("classNames[]", Arrays.asList("standard", "passing", "nosuch", "Ünicode")),
            Map.entry("majorVersion", Arrays.asList(18, 18, 18, 17, 15, 14, 19, 0, -1)),
            Map.entry("majorVersions[]", Arrays.asList(18, 17, 15, 14, 99)),
            Map.entry(
                    "storage",
                    Arrays.asList("1Gi", "5Gi", "20Gi", "1.5Gi", "0", "-1Gi", "10GB", "1e3", "", "99999999Pi", "5Gi ")),
            Map.entry("connections", Arrays.asList(1, 2, 5, 20, 50, 0, -1, 262_143, 262_144)),
            Map.entry("databases", Arrays.asList(1, 5, 1000, 0, -1)),
            Map.entry(
                    "extensions[].name",
                    Arrays.asList("hstore", "pg_trgm", "citext", "plpython3u", "nosuch", "Bad Name", "a'b", "\"x\"")),
            Map.entry("extensions[].version", Arrays.asList("1.8", "1.6", "9.9", "", "1'8", "new\nline")),
            Map.entry("extensions[].versions[]", Arrays.asList("1.8", "9.9", "")),
            Map.entry(
                    "schemas[]",
                    Arrays.asList(
                            "public",
                            "audit",
                            "billing",
                            "pg_x",
                            "Audit",
                            "a b",
                            "extensions",
                            "information_schema",
                            "select")),
            Map.entry("access[].name", Arrays.asList("app", "report", "batch", "-bad", "x".repeat(17), "a", "APP")),
            Map.entry("access[].secretName", Arrays.asList("other", "base-db", "Bad_Name", "x".repeat(254), "")),
            Map.entry("expirationTime", Arrays.asList("2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "tomorrow", "")),
            Map.entry("retainFor", Arrays.asList("0s", "168h", "1h30m", "-1h", "forever", "")),
            Map.entry("rotateEvery", Arrays.asList("720h", "1h", "0s", "-1h", "x")),
            Map.entry("overlap", Arrays.asList("24h", "0s", "-1h", "x")),
            Map.entry("host", Arrays.asList("127.0.0.1", "pg.internal", "::1", "a b", "", "host;drop")),
            Map.entry("port", Arrays.asList(5432, 0, -1, 65_535, 65_536)),
            Map.entry("encoding", Arrays.asList("UTF8", "LATIN1", "nosuch")),
            Map.entry("priority", Arrays.asList(0, 1, -1, 100, Integer.MAX_VALUE, Integer.MIN_VALUE)),
            Map.entry("min", Arrays.asList("1MB", "4MB", "1s", "0", "-1", "nosuch", "1GB")),
            Map.entry("max", Arrays.asList("64MB", "10s", "100Gi", "0", "-1", "nosuch", 10, 100)),
            Map.entry("matchLabels{}", Arrays.asList("prod", "main", "", "x".repeat(64), "a b")),
            Map.entry("operator", Arrays.asList("In", "NotIn", "Exists", "DoesNotExist", "Near")));

    private static final List<String> PARAMETERS = List.of(
            "work_mem",
            "statement_timeout",
            "lock_timeout",
            "search_path",
            "role",
            "nosuch",
            "WORK_MEM",
            "a b",
            "x;y",
            "log_min_duration_statement",
            "ext.name",
            "");
    private static final List<Object> PARAMETER_VALUES =
            List.of("8MB", "30s", "0", "-1", "on", "1TB", "'; DROP TABLE x; --", "", "NaN", "64kB");
    private static final List<String> LABELS = List.of("env", "tier", "a/b", "-", "x".repeat(64));
    private static final List<String> STRANGE =
            List.of("", " ", "\u0000", "😀", "x".repeat(300), "a\nb", "\u202e", "' OR 1=1 --", "${x}", "null", "%s");

    private final Random random;
    private final SchemaWalk walk;
    private final List<String> paths;

    /** Paths at which an object that was sent had a value. */
    final Set<String> reached = new TreeSet<>();

    Mutations(SchemaWalk walk, Random random) {
        this.walk = walk;
        this.random = random;
        this.paths = List.copyOf(walk.properties().keySet());
    }

    /** @param turn counts up, so that every path has its turn */
    String mutate(Map<String, Object> spec, int turn) {
        var path = turn % 3 == 0 ? paths.get(turn / 3 % paths.size()) : paths.get(random.nextInt(paths.size()));
        if (random.nextInt(100) < 15) {
            remove(spec, path);
            return "remove " + path;
        }
        var value = value(path, walk.properties().get(path));
        put(spec, path, value);
        return path + " = " + value;
    }

    private @Nullable Object value(String path, JSONSchemaProps schema) {
        int dice = random.nextInt(100);
        if (dice < 4) {
            return null;
        }
        if (dice < 10) {
            return one(List.of("text", 7, true, List.of(), Map.of(), 1.5, List.of(Map.of("x", 1))));
        }
        var meant = meant(path);
        if (meant != null && dice < 92) {
            return one(meant);
        }
        if (schema.getEnum() != null && !schema.getEnum().isEmpty() && dice < 95) {
            return schema.getEnum().get(random.nextInt(schema.getEnum().size())).asText();
        }
        if (path.endsWith("parameters{}") && schema.getProperties() == null) {
            return one(PARAMETER_VALUES);
        }
        return switch (String.valueOf(schema.getType())) {
            case "integer", "number" -> number(schema);
            case "boolean" -> random.nextBoolean();
            case "array" -> list(path, schema);
            case "object" -> object(path, schema);
            default ->
                Boolean.TRUE.equals(schema.getXKubernetesIntOrString()) && random.nextBoolean()
                        ? random.nextInt(100)
                        : one(STRANGE);
        };
    }

    private @Nullable List<@Nullable Object> meant(String path) {
        for (var from = path; ; ) {
            var found = MEANT.get(from);
            if (found != null) {
                return found;
            }
            int dot = from.indexOf('.');
            if (dot < 0) {
                return path.endsWith("oneOf[]") ? List.of("read committed", "serializable", "x") : null;
            }
            from = from.substring(dot + 1);
        }
    }

    private long number(JSONSchemaProps schema) {
        var borders = new ArrayList<>(
                List.of(0L, 1L, -1L, (long) Integer.MAX_VALUE, Long.MAX_VALUE, (long) random.nextInt(1000)));
        if (schema.getMinimum() != null) {
            borders.add(schema.getMinimum().longValue());
            borders.add(schema.getMinimum().longValue() - 1);
        }
        if (schema.getMaximum() != null) {
            borders.add(schema.getMaximum().longValue());
            borders.add(schema.getMaximum().longValue() + 1);
        }
        return one(borders);
    }

    private List<@Nullable Object> list(String path, JSONSchemaProps schema) {
        var list = new ArrayList<@Nullable Object>();
        int size = random.nextInt(20) == 0 ? 70 : random.nextInt(4);
        for (int i = 0; i < size; i++) {
            list.add(value(path + "[]", schema.getItems().getSchema()));
        }
        return list;
    }

    private Map<String, @Nullable Object> object(String path, JSONSchemaProps schema) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        if (schema.getProperties() != null) {
            var required = schema.getRequired() == null ? List.<String>of() : schema.getRequired();
            schema.getProperties().forEach((name, child) -> {
                if (random.nextInt(100) < (required.contains(name) ? 95 : 40)) {
                    object.put(name, value(path + "." + name, child));
                }
            });
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                object.put(
                        key(path),
                        value(path + "{}", schema.getAdditionalProperties().getSchema()));
            }
        }
        return object;
    }

    private String key(String path) {
        return random.nextInt(20) == 0 ? one(STRANGE) : one(path.contains("arameters") ? PARAMETERS : LABELS);
    }

    @SuppressWarnings("unchecked")
    private void put(Map<String, Object> spec, String path, @Nullable Object value) {
        Object at = spec;
        var steps = steps(path);
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            var last = i == steps.size() - 1;
            var nextIsItem = !last && steps.get(i + 1).equals("[]");
            if (step.equals("[]")) {
                var list = (List<@Nullable Object>) at;
                int index = list.isEmpty() || random.nextInt(3) == 0 ? list.size() : random.nextInt(list.size());
                if (index == list.size()) {
                    list.add(null);
                }
                if (last) {
                    list.set(index, value);
                    return;
                }
                var next = list.get(index);
                if (nextIsItem ? !(next instanceof List) : !(next instanceof Map)) {
                    next = nextIsItem
                            ? new ArrayList<@Nullable Object>()
                            : new LinkedHashMap<String, @Nullable Object>();
                    list.set(index, next);
                }
                at = next;
                continue;
            }
            var map = (Map<String, @Nullable Object>) at;
            var key = step.equals("{}") ? key(path) : step;
            if (last) {
                map.put(key, value);
                return;
            }
            var next = map.get(key);
            if (nextIsItem ? !(next instanceof List) : !(next instanceof Map)) {
                next = nextIsItem ? new ArrayList<@Nullable Object>() : new LinkedHashMap<String, @Nullable Object>();
            } else {
                next = nextIsItem
                        ? new ArrayList<>((List<@Nullable Object>) next)
                        : new LinkedHashMap<>((Map<String, @Nullable Object>) next);
            }
            map.put(key, next);
            at = next;
        }
    }

    @SuppressWarnings("unchecked")
    private void remove(Map<String, Object> spec, String path) {
        Object at = spec;
        var steps = steps(path);
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            var last = i == steps.size() - 1;
            if (step.equals("[]")) {
                if (!(at instanceof List<?> list) || list.isEmpty()) {
                    return;
                }
                int index = random.nextInt(list.size());
                if (last) {
                    ((List<Object>) at).remove(index);
                    return;
                }
                at = list.get(index);
            } else {
                if (!(at instanceof Map<?, ?> map) || map.isEmpty()) {
                    return;
                }
                var key = step.equals("{}")
                        ? String.valueOf(map.keySet().iterator().next())
                        : step;
                if (last) {
                    map.remove(key);
                    return;
                }
                at = map.get(key);
            }
        }
    }

    private static List<String> steps(String path) {
        return Arrays.stream(path.replace("[]", ".[]").replace("{}", ".{}").split("\\."))
                .toList();
    }

    /** Notes which properties the spec has. */
    void note(Object spec) {
        note("", spec);
    }

    private void note(String path, @Nullable Object value) {
        if (value == null) {
            return;
        }
        if (!path.isEmpty() && walk.properties().containsKey(path)) {
            reached.add(path);
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) -> {
                note(path.isEmpty() ? String.valueOf(key) : path + "." + key, child);
                note(path + "{}", child);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(child -> note(path + "[]", child));
        }
    }

    Set<String> unreached() {
        var rest = new TreeSet<>(walk.properties().keySet());
        rest.removeAll(reached);
        return rest;
    }

    private <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
