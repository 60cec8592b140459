// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import dev.howdah.cli.output.Page;
import java.util.List;

/**
 * A report that was written.
 *
 * @param contents names of the files in it
 * @param left what this user may not see
 */
record ReportAnswer(String file, List<String> contents, List<String> left) {
    Page page() {
        var page = new Page();
        page.line("Wrote %s: %d files, secrets redacted. Look through it before you hand it on."
                .formatted(file, contents.size()));
        if (!left.isEmpty()) {
            page.blank().line("Not in it");
            left.forEach(one -> page.item(2, "-", one));
        }
        return page;
    }
}
