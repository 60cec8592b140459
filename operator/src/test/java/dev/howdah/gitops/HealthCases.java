// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import dev.howdah.SourceTree;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;

/** The cases beside a script, in Argo CD's own form: {@code health_test.yaml} with objects in {@code testdata}. */
final class HealthCases {
    /** Argo CD's own, so that an app of apps waits for its waves. */
    static final String APPLICATION = "../argoproj.io/Application";

    private HealthCases() {}

    record Expected(String status, String message) {}

    record Case(Expected healthStatus, String inputPath) {}

    private record Cases(List<Case> tests) {}

    static List<Case> of(String kind) {
        var file = HealthCheck.folder(kind).resolve("health_test.yaml");
        return Serialization.unmarshal(SourceTree.read(file), Cases.class).tests();
    }

    static Path object(String kind, Case one) {
        return HealthCheck.folder(kind).resolve(one.inputPath());
    }
}
