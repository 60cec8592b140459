// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.cli.doctor.Check.Level;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.world.Fault;
import java.util.List;

/**
 * What a round came to.
 *
 * @param problems how many checks found one
 */
public record DoctorAnswer(
        int problems, int warnings, int notChecked, List<Check> checks, List<Fault> faults, List<String> notes) {

    static DoctorAnswer of(List<Check> checks, List<Fault> faults, List<String> notes) {
        return new DoctorAnswer(
                count(checks, Level.Problem),
                count(checks, Level.Warning),
                count(checks, Level.NotChecked),
                checks,
                faults,
                notes);
    }

    private static int count(List<Check> checks, Level level) {
        return (int) checks.stream().filter(check -> check.level() == level).count();
    }

    public boolean healthy() {
        return problems == 0 && faults.isEmpty();
    }

    /** Whether this user may see nothing at all, which says nothing of the installation. */
    public boolean blind() {
        return !checks.isEmpty() && notChecked == checks.size() && faults.isEmpty();
    }

    public Page page() {
        var page = new Page();
        for (var check : checks) {
            var mark = "%-9s".formatted(check.level().word());
            page.branch(mark, " ".repeat(11), "%s %s: %s".formatted(check.area(), check.subject(), check.says()));
            if (check.wayOut() != null) {
                page.branch(" ".repeat(11) + "→ ", " ".repeat(13), check.wayOut());
            }
        }
        page.blank()
                .line("%d %s, %d %s, %d of %d checks could not be made"
                        .formatted(
                                problems,
                                problems == 1 ? "problem" : "problems",
                                warnings,
                                warnings == 1 ? "warning" : "warnings",
                                notChecked,
                                checks.size()));
        if (blind()) {
            page.line(
                    "Nothing could be looked at, so this says nothing of the installation: it takes the rights of who runs it");
        }
        Asides.show(page, faults, notes);
        return page;
    }
}
