// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassSpec.Defaults;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a class grants, with the built-in values where it is silent. Kept in the ledger when a claim is bound, so that a
 * later edit of the class changes future claims only.
 *
 * @param majorVersion the version of a claim that names none: the class's default, else the newest it offers
 * @param storage the budget in bytes of a claim that says nothing
 * @param parameters as they were at binding; they hold only once the class is gone
 * @param retainFor how long a deleted database is kept when its policy is Delete
 * @param credentials when logins get new passwords, as the class last said: not pinned while it is there
 * @param stated which of its defaults the class itself named, {@code null} in rows written before that was kept
 */
public record ClassTerms(
        String className,
        List<Integer> majorVersions,
        int majorVersion,
        long storage,
        int connections,
        SortedMap<String, String> parameters,
        List<ExtensionRequest> extensions,
        List<String> schemas,
        DeletionPolicy deletionPolicy,
        DatabaseLocale locale,
        Duration retainFor,
        boolean ownerMayCreateSchemas,
        CredentialTerms credentials,
        @Nullable SortedSet<Default> stated) {

    /** A default that has a built-in value behind it, under the name it has in a claim. */
    public enum Default {
        storage,
        connections,
        schemas,
        deletionPolicy
    }

    public static final long DEFAULT_STORAGE = 5L << 30;
    public static final int DEFAULT_CONNECTIONS = 20;
    public static final List<String> DEFAULT_SCHEMAS = List.of("public");
    public static final Duration DEFAULT_RETAIN_FOR = Duration.ofHours(168);

    /** What is wrong with a class, that the API server's schema would have refused; its terms can be read without it only. */
    public static List<String> faults(DatabaseClass databaseClass) {
        var faults = new ArrayList<String>();
        var spec = databaseClass.getSpec();
        if (spec == null || spec.majorVersions() == null || spec.majorVersions().isEmpty()) {
            faults.add("`majorVersions`: must name at least one version");
            return faults;
        }
        if (spec.majorVersions().stream().anyMatch(Objects::isNull)) {
            faults.add("`majorVersions`: an entry is null");
        }
        readable("retainFor", spec.retainFor(), DurationText::parse, faults);
        var defaults = spec.defaults();
        if (defaults == null) {
            return faults;
        }
        if (defaults.majorVersion() != null && !spec.majorVersions().contains(defaults.majorVersion())) {
            faults.add("`defaults.majorVersion`: must be one of majorVersions");
        }
        readable("defaults.storage", defaults.storage(), StorageText::parse, faults);
        if (defaults.connections() != null && defaults.connections() < 1) {
            faults.add("`defaults.connections`: must be at least 1");
        }
        if (defaults.parameters() != null
                && defaults.parameters().values().stream().anyMatch(Objects::isNull)) {
            faults.add("`defaults.parameters`: a parameter has no value");
        }
        if (defaults.extensions() != null
                && defaults.extensions().stream().anyMatch(e -> e == null || e.name() == null)) {
            faults.add("`defaults.extensions`: an entry has no name");
        }
        if (defaults.schemas() != null && defaults.schemas().stream().anyMatch(Objects::isNull)) {
            faults.add("`defaults.schemas`: an entry is null");
        }
        CredentialTerms.read("defaults.credentials", defaults.credentials(), faults);
        return faults;
    }

    private static void readable(String path, @Nullable String text, Consumer<String> reader, List<String> faults) {
        try {
            if (text != null) {
                reader.accept(text);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            faults.add("`%s`: %s".formatted(path, e.getMessage()));
        }
    }

    /** The terms of a class as it stands, where it has no faults. */
    public static ClassTerms of(DatabaseClass databaseClass) {
        var spec = databaseClass.getSpec();
        var defaults = spec.defaults() == null ? Defaults.NONE : spec.defaults();
        var newest =
                spec.majorVersions().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new ClassTerms(
                databaseClass.getMetadata().getName(),
                List.copyOf(spec.majorVersions()),
                defaults.majorVersion() == null ? newest : defaults.majorVersion(),
                defaults.storage() == null ? DEFAULT_STORAGE : StorageText.parse(defaults.storage()),
                defaults.connections() == null ? DEFAULT_CONNECTIONS : defaults.connections(),
                parameters(databaseClass),
                defaults.extensions() == null ? List.of() : List.copyOf(defaults.extensions()),
                defaults.schemas() == null ? DEFAULT_SCHEMAS : List.copyOf(defaults.schemas()),
                defaults.deletionPolicy() == null ? DeletionPolicy.Retain : defaults.deletionPolicy(),
                spec.locale() == null ? new DatabaseLocale(null, null, null) : spec.locale(),
                retainFor(databaseClass),
                Boolean.TRUE.equals(spec.ownerMayCreateSchemas()),
                credentials(databaseClass),
                stated(defaults));
    }

    private static SortedSet<Default> stated(Defaults defaults) {
        var stated = new TreeSet<Default>();
        for (var part : Default.values()) {
            var value = switch (part) {
                case storage -> defaults.storage();
                case connections -> defaults.connections();
                case schemas -> defaults.schemas();
                case deletionPolicy -> defaults.deletionPolicy();
            };
            if (value != null) {
                stated.add(part);
            }
        }
        return stated;
    }

    /** Whether a default is the class's own word. Where that was not kept, one that differs from the built-in value is. */
    public boolean states(Default part) {
        return stated != null
                ? stated.contains(part)
                : switch (part) {
                    case storage -> storage != DEFAULT_STORAGE;
                    case connections -> connections != DEFAULT_CONNECTIONS;
                    case schemas -> !schemas.equals(DEFAULT_SCHEMAS);
                    case deletionPolicy -> deletionPolicy != DeletionPolicy.Retain;
                };
    }

    /** These terms, pinned as they are, with what the class says of new passwords now. */
    public ClassTerms withCredentialsOf(DatabaseClass databaseClass) {
        return new ClassTerms(
                className,
                majorVersions,
                majorVersion,
                storage,
                connections,
                parameters,
                extensions,
                schemas,
                deletionPolicy,
                locale,
                retainFor,
                ownerMayCreateSchemas,
                credentials(databaseClass),
                stated);
    }

    private static CredentialTerms credentials(DatabaseClass databaseClass) {
        var defaults = databaseClass.getSpec().defaults();
        var faults = new ArrayList<String>();
        var terms =
                CredentialTerms.read("defaults.credentials", defaults == null ? null : defaults.credentials(), faults);
        return faults.isEmpty() ? terms : CredentialTerms.NONE;
    }

    /** The parameters the class sets, as it stands now: they are not pinned. */
    public static SortedMap<String, String> parameters(DatabaseClass databaseClass) {
        var defaults = databaseClass.getSpec().defaults();
        var parameters = defaults == null || defaults.parameters() == null
                ? new TreeMap<String, String>()
                : new TreeMap<>(defaults.parameters());
        parameters.values().removeIf(Objects::isNull);
        return parameters;
    }

    /** How long the class keeps a deleted database, as it stands now. */
    public static Duration retainFor(DatabaseClass databaseClass) {
        var text = databaseClass.getSpec().retainFor();
        return text == null ? DEFAULT_RETAIN_FOR : DurationText.parse(text);
    }
}
