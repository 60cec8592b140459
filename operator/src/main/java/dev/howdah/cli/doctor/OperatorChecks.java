// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an operator works, and only one. */
final class OperatorChecks {
    private static final String AREA = "operator";
    /** A leader renews its Lease well before it ends; clocks differ a little. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    private static final int DEFAULT_SECONDS = 15;

    private final KubernetesClient client;
    private final Installation installation;
    private final Instant now;

    OperatorChecks(KubernetesClient client, Installation installation, Instant now) {
        this.client = client;
        this.installation = installation;
        this.now = now;
    }

    private String subject() {
        return "Lease %s/%s".formatted(installation.namespace(), installation.lease());
    }

    /** Whether somebody leads. */
    Check lease() {
        try {
            var lease = client.leases()
                    .inNamespace(installation.namespace())
                    .withName(installation.lease())
                    .get();
            return lease == null ? noLease() : judge(lease);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Check.notChecked(
                        AREA, subject(), "get leases in namespace \"%s\"".formatted(installation.namespace()));
            }
            throw e;
        }
    }

    private Check noLease() {
        return Check.problem(
                AREA,
                subject(),
                "is not there, so no operator has run here",
                "Install it, or say where it is: --operator-namespace, --lease. With leader election turned off there is no Lease");
    }

    private Check judge(Lease lease) {
        var holder = lease.getSpec().getHolderIdentity();
        var renewed = lease.getSpec().getRenewTime();
        if (holder == null || holder.isEmpty() || renewed == null) {
            return Check.problem(
                    AREA,
                    subject(),
                    "nobody holds it: the operator was ended",
                    "Start it: kubectl get pods -n %s shows what became of it".formatted(installation.namespace()));
        }
        var age = Duration.between(renewed.toInstant(), now);
        return fresh(lease)
                ? Check.fine(AREA, subject(), "held by %s".formatted(holder))
                : Check.problem(
                        AREA,
                        subject(),
                        "was last renewed by %s %d s ago, so no operator works".formatted(holder, age.toSeconds()),
                        "Start it, or see why it ended: kubectl logs -n %s deploy/%s --previous"
                                .formatted(installation.namespace(), installation.serviceAccount()));
    }

    private boolean fresh(Lease lease) {
        var renewed = lease.getSpec().getRenewTime();
        var holder = lease.getSpec().getHolderIdentity();
        var lasts = lasts(lease.getSpec().getLeaseDurationSeconds());
        return renewed != null
                && holder != null
                && !holder.isEmpty()
                && !now.isAfter(renewed.toInstant().plus(lasts).plus(SLACK));
    }

    private static Duration lasts(@Nullable Integer seconds) {
        return Duration.ofSeconds(seconds == null ? DEFAULT_SECONDS : seconds);
    }

    /** Two that work on the same claims keep putting back what the other does. */
    /** Whoever else works here; nothing where that is nobody. */
    List<Check> others() {
        var checks = new ArrayList<Check>();
        try {
            client.leases().inAnyNamespace().withField("metadata.name", installation.lease()).list().getItems().stream()
                    .filter(lease -> !lease.getMetadata().getNamespace().equals(installation.namespace()))
                    .filter(this::fresh)
                    .forEach(
                            lease -> checks.add(
                                    Check.problem(
                                            AREA,
                                            "Lease %s/%s"
                                                    .formatted(
                                                            lease.getMetadata().getNamespace(),
                                                            lease.getMetadata().getName()),
                                            "another operator works in this cluster too",
                                            "Keep one: remove the other, or this one; --operator-namespace says which one is looked at")));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            checks.add(Check.notChecked(AREA, "others", "list leases of all namespaces, so a second one is not seen"));
        }
        return checks;
    }
}
