// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import io.fabric8.kubernetes.api.model.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts. What is known to be one, because a Secret holds it, goes wherever it stands and however it is
 * written; what only looks like one goes where it stands as such.
 */
final class Redaction {
    static final String GONE = "[redacted]";
    /** Shorter ones would take the rest of the text with them; where they stand as passwords, the patterns see them. */
    private static final int SHORTEST = 4;

    /** Keys of our Secrets that tell nothing. */
    private static final Set<String> HARMLESS = Set.of(
            "type",
            "provider",
            "host",
            "port",
            "database",
            "username",
            "certificates",
            "PGHOST",
            "PGPORT",
            "PGDATABASE",
            "PGUSER",
            "PGSSLMODE",
            "ca.crt",
            "tls.crt",
            "next.crt");

    private static final String NAMES =
            "(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[-_]?key|private[-_]?key)";
    private static final List<Pattern> PATTERNS = List.of(
            // As in postgresql://user:it@host
            Pattern.compile("(?i)(?<keep>[a-z][a-z0-9+.-]*://[^\\s:/@\"']*:)(?<gone>[^\\s\"'/@]+)(?=@)"),
            // As in ?password=it, PGPASSWORD=it, "password": "it", password: it, PASSWORD 'it'
            Pattern.compile("(?i)(?<keep>\\b[\\w-]*?" + NAMES
                    + "\\b[\"']?[ \\t]*[=:][ \\t]*[\"']?)(?<gone>(?!\\{|\\[|null\\b)[^\\s\"',;&}]+)"),
            // As a variable of a container
            Pattern.compile(
                    "(?i)(?<keep>name:[ \\t]*\"?[\\w-]*" + NAMES + "[\\w-]*\"?\\s+value:[ \\t]*\"?)(?<gone>[^\\s\"]+)"),
            Pattern.compile("(?i)(?<keep>\\bpassword\\s+')(?<gone>(?:[^']|'')+)"),
            // As people write it: password is it
            Pattern.compile("(?i)(?<keep>\\bpass(?:word|wd|phrase)[ \\t]+is:?[ \\t]+[\"'`]?)(?<gone>[^\\s\"'`]+)"),
            // As in pgpass, host:port:database:user:it
            Pattern.compile(
                    "(?<keep>(?<![^\\s\"'=])[\\w.*/\\[\\]-]+:(?:\\d{1,5}|\\*):[^\\s:]+:[^\\s:]+:)(?<gone>[^\\s\"']+)"),
            Pattern.compile("(?i)(?<keep>\\bbearer\\s+)(?<gone>[\\w.~+/=-]{8,})"),
            Pattern.compile("(?<keep>\\b)(?<gone>SCRAM-SHA-256\\$[^\\s\"']+)"),
            Pattern.compile("(?<keep>\\b)(?<gone>eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)"),
            Pattern.compile(
                    "(?s)(?<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?<gone>.*?)(?=-----END [A-Z ]*PRIVATE KEY-----)"));

    private final List<String> known;

    private Redaction(Collection<String> known) {
        this.known = known.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** @param secrets those whose values must not be seen */
    static Redaction of(Collection<Secret> secrets) {
        var known = new TreeSet<String>();
        for (var secret : secrets) {
            var data = secret.getData() == null ? Map.<String, String>of() : secret.getData();
            data.forEach((key, encoded) -> {
                if (!HARMLESS.contains(key)) {
                    forms(encoded, known);
                }
            });
        }
        return new Redaction(known);
    }

    private static void forms(String encoded, Set<String> known) {
        try {
            var text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            if (text.strip().length() < SHORTEST) {
                return;
            }
            known.add(text);
            known.add(text.strip());
            known.add(encoded);
            known.add(unpadded(encoded));
            known.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
            known.add(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
            known.add(quoted(text));
            text.lines()
                    .filter(line -> line.length() >= 16 && !line.startsWith("-----"))
                    .forEach(known::add);
        } catch (IllegalArgumentException e) {
            known.add(encoded);
        }
    }

    private static String unpadded(String encoded) {
        var end = encoded.indexOf('=');
        return end < 0 ? encoded : encoded.substring(0, end);
    }

    /** As it stands inside of quotes in JSON and YAML. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    String clean(String text) {
        var clean = text;
        for (var secret : known) {
            clean = clean.replace(secret, GONE);
        }
        for (var pattern : PATTERNS) {
            clean = pattern.matcher(clean).replaceAll(match -> {
                var keep = match.group("keep");
                return Matcher.quoteReplacement(keep + GONE);
            });
        }
        return clean;
    }

    /** The names of the keys whose values are left out, for who reads the report. */
    static List<String> keys(Secret secret) {
        return secret.getData() == null
                ? List.of()
                : new ArrayList<>(new TreeSet<>(secret.getData().keySet()));
    }
}
