// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.util.List;
import java.util.Locale;

/**
 * Who talks to the API server. All but {@link #ADMIN} may do nothing until a test binds roles to them, so that a test
 * of RBAC shows what the shipped roles allow and nothing else.
 */
public enum Persona {
    /** May do everything. */
    ADMIN("system:masters"),
    /** The operator as a plain process; for its real ServiceAccount see {@link ControlPlane#kubeconfigFor(String, String)}. */
    OPERATOR("howdah:operators"),
    /** Owns servers and classes. */
    DBA("howdah:dbas"),
    /** Owns claims in a namespace. */
    DEVELOPER("howdah:developers"),
    /** A developer of another team, who tries what is not allowed. */
    ATTACKER("howdah:attackers");

    private final String group;

    Persona(String group) {
        this.group = group;
    }

    /** The user name the API server sees, to be named as a subject of bindings. */
    public String user() {
        return "howdah:" + name().toLowerCase(Locale.ROOT);
    }

    /** The groups the API server sees besides {@code system:authenticated}. */
    public List<String> groups() {
        return List.of(group);
    }
}
