// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.cli.world.CannotRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideTest {
    @Test
    void a_kubeconfig_that_is_not_there_is_named(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> Outside.mustBeThere("/nope"))
                .isInstanceOf(CannotRun.class)
                .hasMessageStartingWith("KUBECONFIG is /nope, which cannot be read");
        var there = Files.createFile(folder.resolve("config"));
        assertThatCode(() -> Outside.mustBeThere("/nope" + File.pathSeparator + there))
                .doesNotThrowAnyException();
        assertThatCode(() -> Outside.mustBeThere(null)).doesNotThrowAnyException();
    }
}
