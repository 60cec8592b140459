// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.connect;

import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import dev.howdah.plan.LoginTried.Rights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to get to a database.
 *
 * @param login the name of the claim's access entry
 * @param address where applications go, {@code null} where the Secret was not read
 * @param password {@code null} unless it was asked for
 * @param trial what came of logging in from here
 * @param says the same in a sentence
 * @param wayOut what to do about it, {@code null} where there is nothing to do
 * @param rights what the login may do, {@code null} where it did not get in
 */
record ConnectAnswer(
        String claim,
        String login,
        String role,
        String secret,
        String username,
        String database,
        @Nullable String address,
        @Nullable String password,
        Trial trial,
        String says,
        @Nullable String wayOut,
        @Nullable Rights rights,
        List<Form> forms,
        List<Fault> faults,
        List<String> notes) {

    /** What came of logging in. */
    enum Trial {
        Works,
        Refused,
        Full,
        Unreachable,
        /** The Secret could not be read, so there was nothing to try. */
        NoSecret,
        /** It was not asked for. */
        NotTried
    }

    /** Lines to copy. */
    record Form(String name, String title, List<String> lines) {
        private static Form of(Language language, String namespace, String secret) {
            return new Form(language.toString(), language.title(), language.lines(namespace, secret));
        }

        /** Each language's, and before those that read the environment how it gets there. */
        static List<Form> of(Collection<Language> languages, String namespace, String secret) {
            var forms = new ArrayList<Form>();
            languages.stream()
                    .filter(language -> !language.readsEnvironment())
                    .forEach(language -> forms.add(of(language, namespace, secret)));
            var reading = languages.stream().filter(Language::readsEnvironment).toList();
            if (!reading.isEmpty()) {
                forms.add(new Form("environment", "In the container, for what follows", Language.environment(secret)));
                reading.forEach(language -> forms.add(of(language, namespace, secret)));
            }
            return forms;
        }
    }

    boolean fine() {
        return (trial == Trial.Works || trial == Trial.NotTried) && faults.isEmpty();
    }

    Page page() {
        var page = new Page();
        page.line("%s, login \"%s\" (%s)".formatted(claim, login, role));
        page.line(2, "user %s, database %s%s".formatted(username, database, address == null ? "" : ", at " + address));
        page.line(2, "Secret %s, which the lines below read when they run".formatted(secret));
        if (password != null) {
            page.whole(2, "password " + password);
        }
        page.blank().line(says);
        if (wayOut != null) {
            page.line(2, wayOut);
        }
        if (rights != null) {
            rights(page, rights);
        }
        forms.forEach(form -> {
            page.blank().line(form.title());
            form.lines().forEach(line -> page.whole(2, line));
        });
        Asides.show(page, faults, notes);
        return page;
    }

    private static void rights(Page page, Rights rights) {
        page.line(
                2,
                "acts as %s; %s; %s"
                        .formatted(
                                rights.actsAs(), rights.encrypted() ? "encrypted" : "not encrypted", sessions(rights)));
        if (rights.createSchemas()) {
            page.line(2, "may create schemas");
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("SCHEMA", "MAY CREATE", "TABLES", "MAY READ", "MAY WRITE"));
        rights.schemas()
                .forEach(schema -> rows.add(List.of(
                        schema.name(),
                        schema.create() ? "yes" : "no",
                        String.valueOf(schema.tables()),
                        String.valueOf(schema.readable()),
                        String.valueOf(schema.writable()))));
        page.table(2, rows);
    }

    private static String sessions(Rights rights) {
        var all = rights.databaseSessions() == null
                ? "no limit of sessions"
                : "%d sessions for all logins of the database".formatted(rights.databaseSessions());
        return rights.sessions() == null ? all : "%d sessions of its own, %s".formatted(rights.sessions(), all);
    }
}
