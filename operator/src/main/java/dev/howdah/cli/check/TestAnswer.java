// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import dev.howdah.cli.output.Page;
import java.util.List;

/** Every test that was run, and how it went. */
record TestAnswer(long passed, long failed, List<Suite> suites) {
    static TestAnswer of(List<Suite> suites) {
        var all = suites.stream().mapToLong(suite -> suite.cases().size()).sum();
        var failed = suites.stream().mapToLong(Suite::failed).sum();
        return new TestAnswer(all - failed, failed, suites);
    }

    Page page() {
        var page = new Page();
        for (var suite : suites) {
            page.line(suite.file());
            for (var one : suite.cases()) {
                page.line(2, (one.passed() ? "ok    " : "FAIL  ") + one.name());
                one.failures().forEach(failure -> page.line(8, failure));
                if (!one.passed() && one.related() != null) {
                    page.line(
                            8,
                            "see %s:%d"
                                    .formatted(
                                            one.related().file(), one.related().line()));
                }
            }
        }
        page.line("%d passed, %d failed".formatted(passed, failed));
        return page;
    }
}
