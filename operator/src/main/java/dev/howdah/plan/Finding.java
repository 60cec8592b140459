// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;

/**
 * Something on the server that is not as it was agreed.
 *
 * @param what the difference, for people
 * @param repair what puts it right; empty where that is not a matter of SQL alone
 * @param breaks whether the claim lacks something it was promised, and not only has more than that
 * @param asked whether it comes from a change of the server object, and so is carried out whatever {@code drift} says
 * @param beyond whether this admin is known not to be allowed to repair it
 */
public record Finding(Kind kind, String what, List<Step> repair, boolean breaks, boolean asked, boolean beyond) {

    /** What differs; few, for metrics. */
    public enum Kind {
        DATABASE,
        OWNER,
        ROLE,
        ATTRIBUTE,
        MEMBERSHIP,
        GRANT,
        SETTING,
        LIMIT,
        PASSWORD,
        SCHEMA,
        EXTENSION,
        OPERATOR
    }

    static Finding missing(Kind kind, String what, Step... repair) {
        return new Finding(kind, what, List.of(repair), true, false, false);
    }

    static Finding extra(Kind kind, String what, Step... repair) {
        return new Finding(kind, what, List.of(repair), false, false, false);
    }

    Finding beyond(boolean not) {
        return new Finding(kind, what, repair, breaks, asked, not);
    }

    Finding asked(boolean was) {
        return new Finding(kind, what, repair, breaks, was, beyond);
    }
}
