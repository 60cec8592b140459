// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

/** A role that can log in, with its password. */
public record PostgresLogin(String name, String password) {
    /** Keeps the password out of messages and logs. */
    @Override
    public String toString() {
        return "PostgresLogin[" + name + "]";
    }
}
