// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.engine.ExternalServer.AppEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an application is given: the keys of the Service Binding specification, the environment libpq reads, and two
 * URLs. Every form logs in as it stands.
 */
final class ConnectionSecret {
    static final String TYPE = "servicebinding.io/postgresql";
    static final String PASSWORD = "password";

    private ConnectionSecret() {}

    /** The data of the Secret, encoded as the API stores it. */
    static Map<String, String> data(AppEndpoint endpoint, String database, String user, String password) {
        var port = String.valueOf(endpoint.port());
        var sslMode = endpoint.sslMode().word();
        var authority = (endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host()) + ":" + port;
        var uri = "postgresql://" + inUrl(user) + ":" + inUrl(password) + "@" + authority + "/" + inUrl(database)
                + "?sslmode=" + sslMode;
        var plain = new LinkedHashMap<String, String>();
        plain.put("type", "postgresql");
        plain.put("provider", "howdah");
        plain.put("host", endpoint.host());
        plain.put("port", port);
        plain.put("database", database);
        plain.put("username", user);
        plain.put(PASSWORD, password);
        plain.put("uri", uri);
        if (endpoint.caPem() != null) {
            plain.put("certificates", endpoint.caPem());
        }
        plain.put("DATABASE_URL", uri);
        plain.put("PGHOST", endpoint.host());
        plain.put("PGPORT", port);
        plain.put("PGDATABASE", database);
        plain.put("PGUSER", user);
        plain.put("PGPASSWORD", password);
        plain.put("PGSSLMODE", sslMode);
        plain.put(
                "jdbc-url",
                "jdbc:postgresql://" + authority + "/" + inUrl(database) + "?user=" + inUrl(user) + "&password="
                        + inUrl(password) + "&sslmode=" + sslMode);
        var encoded = new LinkedHashMap<String, String>();
        plain.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return encoded;
    }

    /** A database that was adopted may be called anything; a plus sign is a space to some who read it and not to others. */
    private static String inUrl(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
