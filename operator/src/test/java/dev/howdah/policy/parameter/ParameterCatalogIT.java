// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.howdah.plan.Golden;
import dev.howdah.policy.parameter.ParameterValue.Fault;
import dev.howdah.policy.parameter.ParameterValue.Value;
import dev.howdah.policy.parameter.SettingsServer.Answer;
import dev.howdah.policy.parameter.SettingsServer.Attempt;
import dev.howdah.policy.parameter.SettingsServer.Setting;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data files and the reading of values are held to real servers of every major. */
class ParameterCatalogIT {
    private static final Path FILES = Path.of("src/main/resources/dev/howdah/policy/parameter");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every word that some enumeration of PostgreSQL takes without listing it, and a few that none takes. */
    private static final List<String> HIDDEN_WORDS =
            List.of("true", "false", "yes", "no", "on", "off", "1", "0", "t", "2", "debug", "info", "fatal", "default");

    /** Values that a build knows or not by how it was configured; in the files whether or not these servers have them. */
    private static final Map<String, List<String>> OF_SOME_BUILDS = Map.of(
            "wal_compression", List.of("lz4", "zstd"),
            "default_toast_compression", List.of("lz4"),
            "file_copy_method", List.of("clone"));

    /** Parameters that {@code pg_settings} does not list. */
    private static final List<Setting> UNLISTED = List.of(
            new Setting("is_superuser", "bool", "internal", null, null, null, List.of()),
            new Setting("role", "string", "user", null, null, null, List.of()),
            new Setting("seed", "real", "user", null, "-1", "1", List.of()),
            new Setting("session_authorization", "string", "user", null, null, null, List.of()));

    /** SHOW tells what the socket has, not what was set. */
    private static final Set<String> SHOWN_OTHERWISE =
            Set.of("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout");

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void the_file_is_what_the_server_says(int major) throws SQLException {
        try (var server = SettingsServer.of(major)) {
            var lines = new ArrayList<String>();
            for (var setting : Stream.concat(server.settings().stream(), UNLISTED.stream())
                    .sorted((a, b) -> a.name().compareToIgnoreCase(b.name()))
                    .toList()) {
                lines.add(line(setting, aliases(server, setting)));
            }
            Golden.compare(FILES.resolve(ParameterFile.name(major)), "[\n" + String.join(",\n", lines) + "\n]\n");
        }
    }

    private static boolean settable(Setting setting) {
        return setting.context().equals("user") || setting.context().equals("superuser");
    }

    private static Map<String, String> aliases(SettingsServer server, Setting setting) throws SQLException {
        var aliases = new TreeMap<String, String>();
        if (settable(setting) && setting.type().equals("enum")) {
            var words = new LinkedHashSet<>(setting.values());
            words.addAll(HIDDEN_WORDS);
            for (var answer : server.tries(words.stream()
                    .map(word -> new Attempt(setting.name(), word))
                    .toList())) {
                var word = answer.attempt().text();
                if (answer.shown() != null
                        && !(setting.values().contains(word) && answer.shown().equals(word))) {
                    aliases.put(word.toLowerCase(Locale.ROOT), answer.shown());
                }
            }
        }
        return aliases;
    }

    private static String line(Setting setting, Map<String, String> aliases) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", setting.name());
        fields.put("type", setting.type());
        fields.put("context", setting.context());
        if (settable(setting)) {
            put(fields, "unit", setting.unit());
            put(fields, "min", setting.min());
            put(fields, "max", setting.max());
            var values = new LinkedHashSet<>(setting.values());
            values.addAll(OF_SOME_BUILDS.getOrDefault(setting.name(), List.of()));
            put(fields, "values", values.isEmpty() ? null : values);
            put(fields, "aliases", aliases.isEmpty() ? null : aliases);
        }
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    /** Parameter, then values; {@code |} between values, so that spaces count. */
    private static final List<String> TABLE = List.of(
            "work_mem=64|64kB|64 kB| 64kB |64KB|64kb|64K|64MB|1GB|1048576kB|1.5GB|30.1GB|1.00001GB|1TB|1.9TB|2TB|100000B",
            "work_mem=64.5kB|65.5kB|0x40|0X40kB|0x1p10|0100|0177kB|09|08.5|1e2|1E3kB|1e|.5MB|-.5MB|0.0625MB|0.06MB",
            "work_mem=63|2147483647|2147483648|99999999999999999999|9999999999999999999e-15|-1|+100|- 100|--1||  |0x|0b11",
            "work_mem=100kB x|100kBB|1_000|100 k B|64MBytes|ten|30s|100ms|inf|nan|1e400|1e-400|٣٤٥",
            "statement_timeout=0|-0|-1|1|1us|499us|500us|501us|1.5ms|2.5ms|0.5ms|1s|90s|60s|1500ms|1.5s|5min|300000|1h",
            "statement_timeout=1.5h|24h|1d|0.1d|24d|25d|1m|1M|1S|1sec|30MB|10 min|010s|0x10s|2147483647ms|1e3|1e3ms",
            "idle_session_timeout=7min|0.0001h|3600s|86400s|86400001ms",
            "temp_buffers=100|99|800kB|801kB|804kB|812kB|1MB|8MB|8.1MB|10000B|819200B|1GB|8TB|9TB",
            "effective_cache_size=8kB|4kB|3kB|4097B|1.5GB",
            "temp_file_limit=-1|-2|0|-1kB|1GB|1.5TB",
            "log_min_duration_statement=-1|0|250|250ms|-1ms|-2|0.25s",
            "log_parameter_max_length=-1|0|1|1kB|1024|1.5kB|1025B|1GB|1073741823|0.5kB",
            "log_temp_files=-1|0|10MB",
            "tcp_keepalives_idle=0|60|60s|1min|-1|1500ms|30MB",
            "extra_float_digits=-15|-16|3|4|0|1.5|2.5|-2.5|1ms",
            "default_statistics_target=100|1e2|99.5|100kB|10001",
            "random_page_cost=4|4.0|1.1|1.23456789|0x10|0x.8|0x1.8p1|1e20|1000000|999999.5|123456.5|0.00001234|5.|.5|-.5",
            "random_page_cost=-1|inf|infinity|-inf|nan|1e-400|1e-320|1e400|1 ms|1kB|1 |+2|1,5|1e|e1|0.0001|0.00001|0",
            "hash_mem_multiplier=1|0.99|1000|1000.1|2.5|1e3",
            "vacuum_cost_delay=0|1|1.5|1500us|0.1ms|0.0015ms|0.1s|100ms|101ms|0.0333333|99.9999999|1e-3|2us|1s|0.25",
            "vacuum_buffer_usage_limit=0|1|127|128|128kB|1MB|16GB|17GB|-1",
            "jit_above_cost=-1|-0.5|0|100000|1000000|1e5|-2",
            "geqo_selection_bias=1.5|2|2.1|1.4999",
            "geqo=on|off|true|false|yes|no|1|0|t|f|y|n|tr|o|of|ON|TrUe|fals|falsee|01|2| on|on |",
            "synchronous_commit=on|off|true|no|1|0|local|Remote_Apply|remote_write| on|t|async|",
            "client_min_messages=debug|debug2|DEBUG5|info|fatal|warning|warn|error",
            "wal_compression=on|off|pglz|true|0|gzip",
            "default_transaction_isolation=read committed|READ COMMITTED|serializable|read-committed|'read committed'",
            "constraint_exclusion=partition|on|yes|auto",
            "backslash_quote=safe_encoding|on|0",
            "log_statement=all|ddl|MOD|none|off",
            "application_name=|shop|a b| x ");

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void our_reading_of_a_table_of_values_is_the_servers(int major) throws SQLException {
        var catalog = ParameterCatalog.of(major);
        var attempts = TABLE.stream()
                .map(row -> row.split("=", 2))
                .filter(row -> catalog.find(row[0]).isPresent())
                .flatMap(row -> Stream.of(row[1].split("\\|", -1)).map(text -> new Attempt(row[0], text)))
                .toList();
        assertThat(attempts).hasSizeGreaterThan(250);
        assertThat(differences(major, attempts)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void so_is_our_reading_of_every_parameter_at_its_bounds_and_in_every_unit(int major) throws SQLException {
        var attempts = ParameterCatalog.of(major).all().stream()
                .filter(parameter -> parameter.scope() != Parameter.Scope.NEVER)
                .flatMap(parameter -> sweep(parameter).stream().map(text -> new Attempt(parameter.name(), text)))
                .filter(attempt -> !OF_SOME_BUILDS
                        .getOrDefault(attempt.name(), List.of())
                        .contains(attempt.text().toLowerCase(Locale.ROOT)))
                .toList();
        assertThat(attempts).hasSizeGreaterThan(1500);
        assertThat(differences(major, attempts)).isEmpty();
    }

    private static List<String> sweep(Parameter parameter) {
        return switch (parameter.type()) {
            case BOOL -> List.of("on", "of", "YES", "0", "o", "nonsense", "");
            case STRING -> List.of();
            case ENUM ->
                Stream.concat(
                                parameter.enumValues().stream().map(value -> value.toUpperCase(Locale.ROOT)),
                                Stream.concat(HIDDEN_WORDS.stream(), Stream.of("nonsense", "")))
                        .toList();
            case INTEGER, REAL -> {
                var texts = new ArrayList<String>(List.of("1", "100", "128.5", "x"));
                for (var bound : Stream.of(parameter.min(), parameter.max())
                        .map(String::valueOf)
                        .toList()) {
                    texts.add(bound);
                    texts.add(Double.toString(Double.parseDouble(bound) - 1));
                    texts.add(Double.toString(Double.parseDouble(bound) + 1));
                }
                for (var unit : List.of("B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h", "d", "m")) {
                    Stream.of("1", "1.5", "7 ", "3600", "8192")
                            .map(number -> number + unit)
                            .forEach(texts::add);
                }
                yield texts;
            }
        };
    }

    /** What our reading and the server's do not agree on, as lines to read; and what we would set for it must be it. */
    private static List<String> differences(int major, List<Attempt> attempts) throws SQLException {
        var catalog = ParameterCatalog.of(major);
        var differences = new ArrayList<String>();
        var again = new ArrayList<Attempt>();
        try (var server = SettingsServer.of(major)) {
            for (var answer : server.tries(attempts)) {
                var ours = ParameterValue.parse(
                        parameter(catalog, answer), answer.attempt().text());
                if (ours instanceof Value(var value)) {
                    again.add(new Attempt(value.name(), value.setting()));
                }
                boolean same = switch (ours) {
                    case Value(var value) ->
                        answer.shown() != null
                                && (SHOWN_OTHERWISE.contains(value.name())
                                        || value.text().equals(answer.shown())
                                        || value.text().equals("0")
                                                && answer.shown().equals("-0"));
                    case Fault _ -> answer.shown() == null;
                };
                if (!same) {
                    differences.add(answer + " but " + ours);
                }
            }
            for (var answer : server.tries(again)) {
                var reread = ParameterValue.parse(
                        parameter(catalog, answer), answer.attempt().text());
                if (answer.shown() == null
                        || !(reread instanceof Value(var value))
                        || !value.setting().equals(answer.attempt().text())) {
                    differences.add("set again: " + answer + " but " + reread);
                }
            }
        }
        return differences.stream().distinct().collect(joining("\n")).lines().toList();
    }

    private static Parameter parameter(ParameterCatalog catalog, Answer answer) {
        return catalog.find(answer.attempt().name()).orElseThrow();
    }
}
