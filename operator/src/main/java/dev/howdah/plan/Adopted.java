// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;

/**
 * What a database that the operator did not make brought with it, and what of that is left alone. Written down before
 * anything is changed, so that an adoption that was cut short goes on as it was consented to.
 *
 * @param owner whose the database was
 * @param planHash what was consented to
 * @param keeps roles that go on using it: their right to connect is not taken away
 * @param extensions that were there; leaving one out of the claim never drops it
 * @param settings of the database that were there; they stay unless the claim or a policy sets them
 */
public record Adopted(
        String owner, String planHash, List<String> keeps, List<String> extensions, List<String> settings) {
    public Adopted {
        keeps = List.copyOf(keeps);
        extensions = List.copyOf(extensions);
        settings = List.copyOf(settings);
    }
}
