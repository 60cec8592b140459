// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

/**
 * Which of a claim's roles is which, by how its name ends. What it begins with is the database's name or, where that is
 * too long, a shortened one ({@link dev.howdah.policy.ClaimNames#stem}); an access name holds no {@code _}, so the ends
 * cannot be mistaken for each other.
 */
final class RoleSql {
    private RoleSql() {}

    /** A condition on {@code role}; {@code access} and {@code slot} are expressions. */
    static String isLogin(String role, String access, String slot) {
        return endsWith(role, "'_' || " + access + " || '_' || " + slot);
    }

    static String endsWith(String role, String end) {
        return "right(" + role + ", length(" + end + ")) = " + end;
    }
}
