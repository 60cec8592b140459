// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import dev.howdah.cli.world.Fault;
import java.util.List;

/** What every answer ends with: what is wrong in the files, and how they were read. */
public final class Asides {
    private Asides() {}

    public static void show(Page page, List<Fault> faults, List<String> notes) {
        if (!faults.isEmpty()) {
            page.blank().line("Wrong in the files");
            faults.forEach(fault -> {
                page.line(
                        2,
                        "%s:%d (document %d), %s"
                                .formatted(fault.file(), fault.line(), fault.document(), fault.subject()));
                page.line(4, fault.message());
            });
        }
        if (!notes.isEmpty()) {
            page.blank();
            notes.forEach(note -> page.line("Note: " + note));
        }
    }
}
