// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

/**
 * One thing that worked with the former CRDs and does not with the new ones.
 *
 * @param kind it belongs to
 * @param field as in {@code spec.access[].name}, after the version where there are several; empty for the kind itself
 * @param rule of compatibility that it breaks
 * @param what it was, and is
 */
record CrdBreak(String kind, String field, Rule rule, String what) {

    /** What stays as it is between releases; each with what to do instead. */
    enum Rule {
        KindRemoved("serve the kind on"),
        ScopeChanged("make another kind"),
        NameChanged("keep the name, or add to it"),
        VersionRemoved("serve the version on, and convert"),
        VersionNotServed("serve the version on, and say `deprecated`"),
        StorageVersionChanged("convert, and migrate what is stored first"),
        SubresourceRemoved("keep it"),
        ColumnRemoved("keep the column, or move it to `priority: 1`"),
        SelectableFieldRemoved("keep it"),
        FieldRemoved("keep the field, and say in its description that it does nothing"),
        TypeChanged("add a field of another name"),
        NullRefused("keep `nullable`"),
        UnknownFieldsRefused("keep them"),
        FieldRequired("let the operator have a value for it, or give it a default"),
        DefaultChanged("keep the default: objects that were stored without a value change their meaning"),
        ListTypeChanged("keep it: server-side apply merges by it"),
        EnumTightened("keep the value, and refuse it by a policy or a condition"),
        PatternChanged("check it in the operator, against what was accepted"),
        BoundTightened("check it in the operator, against what was accepted"),
        RuleAdded("check it in the operator, against what was accepted");

        private final String instead;

        Rule(String instead) {
            this.instead = instead;
        }
    }

    /** One line, with the ways out. */
    String line() {
        return "%s%s: %s: %s. Either %s; or, where it is meant, declare it in %s: {kind: %s, field: \"%s\", rule: %s, reason: …}"
                .formatted(
                        kind,
                        field.isEmpty() ? "" : " " + field,
                        rule,
                        what,
                        rule.instead,
                        AcceptedBreaks.NAME,
                        kind,
                        field,
                        rule);
    }
}
