// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An extension that a claim has or asks for, and that a policy for the claim retires at a time. */
public record Retirement(Applied applied, String extension, Instant time) {

    /** Those of a claim, of what comes along as well. */
    public static List<Retirement> of(Subject subject, Merged merged) {
        var retirements = new ArrayList<Retirement>();
        for (var applied : merged.policies()) {
            if (!applied.limits().retirements().isEmpty()) {
                for (var name : subject.extensions(merged.claim())) {
                    var time = applied.limits().retirements().get(name);
                    if (time != null) {
                        retirements.add(new Retirement(applied, name, time));
                    }
                }
            }
        }
        return retirements;
    }

    public boolean over(Instant now) {
        return !now.isBefore(time);
    }
}
