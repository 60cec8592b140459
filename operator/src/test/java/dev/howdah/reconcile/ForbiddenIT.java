// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.chart.OperatorAccount;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A verb that somebody took away from the operator: it says which, on the object, or in the log where it may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForbiddenIT {
    private final Stage stage = Stage.open();
    private final String namespace = stage.namespace("denied");

    @Test
    void a_claim_says_which_verb_is_missing_and_goes_on_when_it_is_back() {
        stage.server("main", TestEnvironment.postgres(18));
        stage.classOn("standard", "main");
        var before = without("secrets", "create");
        try {
            stage.claim(namespace, "orders", "standard");
            var claim = stage.says(namespace, "orders", "False", Reason.InsufficientPrivilege);
            assertThat(Seen.condition(claim, "Ready").message())
                    .contains(
                            "the operator may not create secrets in namespace \"" + namespace + "\"",
                            "system:serviceaccount:" + stage.operatorNamespace + ":howdah",
                            "helm upgrade");
            assertThat(Seen.condition(claim, "Stalled").status()).isEqualTo("True");
        } finally {
            restore(before);
        }
        stage.ready(namespace, "orders");
    }

    @Test
    void a_server_says_which_verb_is_missing() {
        var before = without("secrets", "get");
        try {
            stage.server("dark", TestEnvironment.postgres(17));
            var server = stage.serverSays("dark", "False", Reason.InsufficientPrivilege);
            assertThat(Seen.condition(server.getStatus().conditions(), "Ready").message())
                    .contains("the operator may not get secrets in namespace \"" + stage.operatorNamespace + "\"");
        } finally {
            restore(before);
        }
        stage.serverSays("dark", "True", Reason.Connected);
    }

    @Test
    void what_may_not_even_be_told_is_a_line_of_the_log() {
        var before = without("databasepolicies/status", "patch");
        try (var log = new Lines("dev.howdah.reconcile")) {
            stage.policy("mute", "Audit", "target: {}");
            Seen.soon(() -> assertThat(log.lines)
                    .anyMatch(line -> line.contains(stage.named("mute"))
                            && line.contains("the operator may not patch databasepolicies/status.howdah.dev")));
            assertThat(stage.policies("mute").get().getStatus().targets()).isNull();
        } finally {
            restore(before);
        }
    }

    private Resource<ClusterRole> role() {
        return stage.client.rbac().clusterRoles().withName(OperatorAccount.clusterRole(stage.operatorNamespace));
    }

    private ClusterRole without(String resource, String verb) {
        var before = role().get();
        role().edit(role -> {
            for (var rule : role.getRules()) {
                if (rule.getResources().contains(resource)) {
                    var verbs = new ArrayList<>(rule.getVerbs());
                    verbs.remove(verb);
                    rule.setVerbs(verbs.isEmpty() ? List.of("deletecollection") : verbs);
                }
            }
            return role;
        });
        return before;
    }

    private void restore(ClusterRole before) {
        role().edit(role -> {
            role.setRules(before.getRules());
            return role;
        });
    }

    /** What is logged below a name. */
    private static final class Lines extends Handler implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger;

        Lines(String name) {
            logger = Logger.getLogger(name);
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            lines.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    @AfterAll
    void close() {
        stage.close();
    }
}
