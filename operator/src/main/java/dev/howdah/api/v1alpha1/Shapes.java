// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

/**
 * Patterns, bounds and CEL rules of the schema that more than one kind needs. Every string and list has a bound, so that
 * the API server can bound the cost of the rules.
 */
final class Shapes {
    static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    static final String DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    static final int DNS_SUBDOMAIN_LENGTH = 253;

    /** PostgreSQL cuts longer names, and two that were cut may be one. */
    static final int SQL_NAME_LENGTH = 63;

    static final String SCHEMA_NAME = "^[a-z_][a-z0-9_$]*$";
    static final String EXTENSION_NAME = "^[a-z0-9][a-z0-9_-]*$";
    static final String DATABASE_NAME = "^[A-Za-z_][A-Za-z0-9_$-]*$";

    /** A host name, an IPv4 or an IPv6 address: never a URL, a list, a port or a socket's path. */
    static final String HOST =
            "^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?\\.?" + "|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$";

    /** Whatever somebody named a database that was there before. */
    static final String ANY_DATABASE_NAME = "^[^\\x00-\\x1f\\x7f]+$";

    static final String PLAN_HASH = "^[0-9a-f]+$";
    static final String INSTALLATION = "^[A-Za-z0-9-]+$";

    static final String LOCALE_NAME = "^[A-Za-z0-9][A-Za-z0-9._@-]*$";
    static final String ENCODING = "^[A-Za-z0-9_]+$";
    static final String SYSTEM_IDENTIFIER = "^[0-9]+$";
    static final String DURATION = "^(0|([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?)$";

    /** Above zero. No smaller fractions than thousandths, so that every value is a whole number of bytes or near it. */
    static final String QUANTITY = "^[1-9][0-9]{0,14}(\\.[0-9]{1,3})?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$";

    /** The same, or none at all. */
    static final String QUANTITY_OR_NONE = "^(0|[1-9][0-9]{0,14}(\\.[0-9]{1,3})?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?)$";

    static final int QUANTITY_LENGTH = 24;
    static final String VERSION_NAME = "^[A-Za-z0-9][A-Za-z0-9._+~-]*$";
    static final int VERSION_LENGTH = 128;

    static final int OLDEST_MAJOR = 15;
    static final int NEWEST_MAJOR = 18;

    /** The upper end of {@code max_connections}. */
    static final int MOST_CONNECTIONS = 262_143;

    static final int MOST_LOGINS = 16;
    static final int MOST_SCHEMAS = 32;
    static final int MOST_EXTENSIONS = 64;
    static final int MOST_PARAMETERS = 64;
    static final int MOST_OPERATOR_ROLES = 16;
    static final int PARAMETER_VALUE_LENGTH = 1024;

    /** The API server lets a list through where the format is date-time; a rule it cannot evaluate refuses it. */
    static final String IS_TIME = "self > timestamp('0001-01-01T00:00:00Z')";

    static final String NOT_A_TIME = "must be a time such as 2026-12-31T00:00:00Z";
    static final String NOT_EMPTY = "self.size() > 0";
    static final String SCHEMAS_NOT_EMPTY = "schemas: must not be empty; leave the field out for the default, [public]";
    static final String SCHEMAS_NOT_RESERVED =
            "self.all(s, !s.startsWith('pg_') && !(s in ['information_schema', 'extensions', 'howdah']))";
    static final String SCHEMAS_RESERVED = "schemas: pg_* and information_schema belong to PostgreSQL, extensions and "
            + "howdah to the operator; choose another name";

    private Shapes() {}
}
