// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of one major version, as {@code pg_settings} describes it. Unit, bounds and values are known only of those
 * that can be set for a database or a session.
 *
 * @param unit the unit a bare number is in: B, kB, 8kB, MB, ms, s or min
 * @param min the smallest number, in that unit
 * @param max the largest number, in that unit
 * @param enumValues the values an enumeration shows, those included that only some builds know
 * @param aliases further spellings in small letters, and what PostgreSQL shows when they are set
 */
public record Parameter(
        String name,
        Type type,
        Context context,
        @Nullable String unit,
        @Nullable String min,
        @Nullable String max,
        List<String> enumValues,
        Map<String, String> aliases) {

    /** What its values are. */
    public enum Type {
        BOOL,
        INTEGER,
        REAL,
        STRING,
        ENUM;

        /** Whether one value can be more than another. */
        public boolean ordered() {
            return this == INTEGER || this == REAL;
        }
    }

    /** Who can change it and when, in PostgreSQL's own words. */
    public enum Context {
        INTERNAL,
        POSTMASTER,
        SIGHUP,
        SUPERUSER_BACKEND,
        BACKEND,
        SUPERUSER,
        USER
    }

    /** Who may name it. */
    public enum Scope {
        /** A claim, and so a class and a policy. */
        CLAIM,
        /** A class or a policy, where the operator's login at the server may set it. */
        POLICY,
        /** Nobody; {@link Parameter#refusal()} says why. */
        NEVER
    }

    /** What a value that is set binds. */
    public enum Force {
        /** The start of each session: a session may set it to something else afterwards. */
        CONFIGURATION,
        /** Each session all along: the server refuses to change it. */
        SERVER
    }

    public Parameter {
        enumValues = List.copyOf(enumValues);
        aliases = Map.copyOf(aliases);
    }

    public Scope scope() {
        if (denied()) {
            return Scope.NEVER;
        }
        return switch (context) {
            case USER -> Scope.CLAIM;
            case SUPERUSER -> Scope.POLICY;
            case INTERNAL, POSTMASTER, SIGHUP, SUPERUSER_BACKEND, BACKEND -> Scope.NEVER;
        };
    }

    /** Whether it stays closed whatever any policy says. */
    public boolean denied() {
        return DeniedParameters.reason(name).isPresent();
    }

    public Force binding() {
        return context == Context.USER ? Force.CONFIGURATION : Force.SERVER;
    }

    /**
     * Whether {@code SET x = 'a, b'} would read the literal as one name with a comma in it: such a value is given as
     * several literals. Of those that may be set only {@code temp_tablespaces} is so.
     */
    public boolean quotedList() {
        return name.equals("temp_tablespaces");
    }

    /** Why nobody may set it for a database; empty where somebody may. */
    public Optional<String> refusal() {
        var denied = DeniedParameters.reason(name);
        if (denied.isPresent()) {
            return denied.map(reason -> "\"%s\" cannot be set: %s".formatted(name, reason));
        }
        return Optional.ofNullable(
                        switch (context) {
                            case USER, SUPERUSER -> null;
                            case INTERNAL -> "\"%s\" is fixed in the server; it cannot be set";
                            case POSTMASTER ->
                                "\"%s\" takes a restart and is set for the whole server; it cannot be set per database";
                            case SIGHUP -> "\"%s\" is set for the whole server; it cannot be set per database";
                            case SUPERUSER_BACKEND, BACKEND ->
                                "\"%s\" is decided as a session starts, for the whole server; it cannot be set per database";
                        })
                .map(form -> form.formatted(name));
    }
}
