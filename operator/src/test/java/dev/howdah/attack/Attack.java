// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something a team tries with what it was given. The same is done under Howdah and under a naive administration. */
interface Attack {
    /** Of the list in docs/reliability.md. */
    int number();

    /** What the team tries, in a few words. */
    String title();

    /** What stops it. */
    String wall();

    /** Does it. What was gained is told to the scene; nothing gained means that the attack was withstood. */
    void mount(Scene scene) throws SQLException;

    /**
     * Where PostgreSQL itself refuses the attack also on the naive layout: a part of the words it does so with, or
     * {@code null} where the attack must succeed there.
     */
    default @Nullable String refusedByPostgres(World world) {
        return null;
    }

    /** On which servers the naive layout falls to it. */
    default String control() {
        return "succeeds everywhere";
    }
}
