// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a claim's spec: the one place that refuses what the API server's schema does, for specs that never met it. What is
 * refused here is left out of what goes on, so that the rules can say all the rest about it.
 */
final class SpecReading {
    private static final int MOST_PARAMETERS = 64;
    private static final int MOST_EXTENSIONS = 64;
    private static final int MOST_SCHEMAS = 32;
    private static final int MOST_LOGINS = 16;
    private static final int MOST_CONNECTIONS = 262_143;
    private static final int SHOWN = 40;

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]{0,62}");
    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}");
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_$]{0,62}");
    private static final Pattern LOGIN = Pattern.compile("[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final List<Violation> faults = new ArrayList<>();

    private SpecReading() {}

    /**
     * What came of it.
     *
     * @param spec what can be read; the very one that was given where all of it can
     */
    record Read(DatabaseClaimSpec spec, List<Violation> faults) {
        /** These, then those that rules found. */
        List<Violation> before(List<Violation> others) {
            return faults.isEmpty()
                    ? others
                    : Stream.concat(faults.stream(), others.stream()).toList();
        }
    }

    static Read of(@Nullable DatabaseClaimSpec spec) {
        if (spec == null) {
            return new Read(DatabaseClaimSpec.EMPTY, List.of());
        }
        var reading = new SpecReading();
        var read = new DatabaseClaimSpec(
                reading.className(spec.className()),
                spec.majorVersion(),
                reading.storage(spec.storage()),
                reading.connections("connections", spec.connections()),
                reading.parameters(spec.parameters()),
                reading.extensions(spec.extensions()),
                reading.schemas(spec.schemas()),
                reading.list("access", spec.access(), MOST_LOGINS, reading::login),
                spec.deletionPolicy());
        return reading.faults.isEmpty() ? new Read(spec, List.of()) : new Read(read, List.copyOf(reading.faults));
    }

    private void fault(String path, @Nullable String value, String message) {
        faults.add(Violation.of(Reason.InvalidSpec, path, String.valueOf(value), "`%s`: %s".formatted(path, message)));
    }

    private static String shown(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        var line = CONTROL.matcher(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…")
                .replaceAll(" ");
        return "\"" + line + "\"";
    }

    private static boolean matches(Pattern pattern, @Nullable String text) {
        return text != null && pattern.matcher(text).matches();
    }

    private @Nullable String className(@Nullable String name) {
        if (name == null || matches(SUBDOMAIN, name)) {
            return name;
        }
        fault(
                "className",
                name,
                shown(name) + " is not the name of a class; correct it, or leave it out for the default");
        return null;
    }

    private @Nullable String storage(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            if (StorageText.parse(text) > 0) {
                return text;
            }
            fault("storage", text, shown(text) + " is nothing; ask for a size such as 10Gi, or leave it out");
        } catch (IllegalArgumentException e) {
            fault("storage", text, e.getMessage() + "; correct it, or leave it out");
        }
        return null;
    }

    private @Nullable Integer connections(String path, @Nullable Integer number) {
        if (number == null || (number >= 1 && number <= MOST_CONNECTIONS)) {
            return number;
        }
        fault(
                path,
                number.toString(),
                "%d, must be from 1 to %d; correct it, or leave it out".formatted(number, MOST_CONNECTIONS));
        return null;
    }

    private @Nullable Map<String, String> parameters(@Nullable Map<String, String> given) {
        if (given == null) {
            return null;
        }
        if (tooMany("parameters", given.size(), MOST_PARAMETERS)) {
            return Map.of();
        }
        var read = new LinkedHashMap<String, String>();
        // Sorted, so that what is told does not depend on the order in which they were written.
        given.keySet().stream()
                .sorted(Comparator.nullsFirst(Comparator.naturalOrder()))
                .forEach(name -> {
                    var text = given.get(name);
                    if (!matches(PARAMETER, name)) {
                        fault(
                                "parameters",
                                name,
                                "%s is not the name of a parameter; correct it or leave it out".formatted(shown(name)));
                    } else if (text == null) {
                        fault("parameters." + name, null, "has no value; give one, or leave it out for the default");
                    } else {
                        read.put(name, text);
                    }
                });
        return read;
    }

    private @Nullable List<String> schemas(@Nullable List<String> given) {
        if (given != null && given.isEmpty()) {
            fault("schemas", "", "must not be empty; leave it out for the default");
            return null;
        }
        return list("schemas", given, MOST_SCHEMAS, schema -> {
            var fine = matches(SCHEMA, schema);
            if (!fine) {
                fault(
                        "schemas",
                        schema,
                        shown(schema)
                                + " is not a name; use at most 63 small letters, digits, _ and $, beginning with a letter or _");
            }
            return fine;
        });
    }

    private @Nullable List<ExtensionRequest> extensions(@Nullable List<ExtensionRequest> given) {
        var seen = new HashSet<String>();
        return list("extensions", given, MOST_EXTENSIONS, extension -> extension(seen, extension));
    }

    private boolean extension(HashSet<String> seen, ExtensionRequest extension) {
        if (!matches(EXTENSION, extension.name())) {
            fault(
                    "extensions",
                    extension.name(),
                    shown(extension.name()) + " is not the name of an extension; correct it or leave it out");
            return false;
        }
        if (!seen.add(extension.name())) {
            fault("extensions." + extension.name(), extension.version(), "is there twice; leave one");
            return false;
        }
        if (extension.version() != null && !matches(VERSION, extension.version())) {
            fault(
                    "extensions." + extension.name(),
                    extension.version(),
                    shown(extension.version())
                            + " is not a version; correct it, or leave it out for the server's default");
            return false;
        }
        return true;
    }

    private boolean login(AccessEntry entry) {
        if (!matches(LOGIN, entry.name())) {
            fault(
                    "access",
                    entry.name(),
                    shown(entry.name()) + " is not the name of a login; use at most 16 small letters, digits and -");
            return false;
        }
        var path = "access." + entry.name();
        var faultsBefore = faults.size();
        if (entry.role() == null) {
            fault(path, "", "has no role; give it one of Owner, ReadWrite, ReadOnly");
        }
        connections(path, entry.connections());
        if (entry.secretName() != null && !matches(SUBDOMAIN, entry.secretName())) {
            fault(
                    path,
                    entry.secretName(),
                    shown(entry.secretName()) + " is not the name of a Secret; correct it, or leave it out");
        }
        return faults.size() == faultsBefore;
    }

    /** {@code null} for none at all, also where nothing of it is left. */
    private <T> @Nullable List<T> list(String path, @Nullable List<T> given, int most, Predicate<T> fine) {
        if (given == null || given.isEmpty()) {
            return given;
        }
        if (tooMany(path, given.size(), most)) {
            return null;
        }
        var read = new ArrayList<T>();
        for (var entry : given) {
            // JSON has nulls where the schema, and so the type, has none.
            if (entry == null) {
                fault(path, null, "an entry is null; remove it");
            } else if (fine.test(entry)) {
                read.add(entry);
            }
        }
        return read.isEmpty() ? null : read;
    }

    private boolean tooMany(String path, int size, int most) {
        if (size > most) {
            fault(
                    path,
                    String.valueOf(size),
                    "has %d entries, at most %d are taken; remove some".formatted(size, most));
        }
        return size > most;
    }
}
