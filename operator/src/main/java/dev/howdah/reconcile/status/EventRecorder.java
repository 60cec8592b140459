// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of transitions. An event that cannot be sent is logged and changes nothing. */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int LONGEST_NOTE = 1_000;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final Clock clock;
    private final String instance;

    public EventRecorder(KubernetesClient client, Clock clock, String instance) {
        this.client = client;
        this.clock = clock;
        this.instance = instance;
    }

    public void normal(HasMetadata about, Reason reason, String note) {
        send(about, reason, "Normal", note);
    }

    public void warning(HasMetadata about, Reason reason, String note) {
        send(about, reason, "Warning", note);
    }

    private void send(HasMetadata about, Reason reason, String type, String note) {
        var meta = about.getMetadata();
        var namespace = meta.getNamespace() == null ? "default" : meta.getNamespace();
        var event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(meta.getName() + "-")
                .withNamespace(namespace)
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController("howdah.dev/operator")
                .withReportingInstance(instance)
                .withAction("Reconcile")
                .withType(type)
                .withReason(reason.name())
                .withNote(note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…")
                .withNewRegarding()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .endRegarding()
                .build();
        try {
            client.events().v1().events().inNamespace(namespace).resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.info(
                    "event {} for {} {} not sent: {}",
                    reason,
                    about.getKind(),
                    meta.getName(),
                    Forbidden.words(e).orElse(e.getMessage()));
        }
    }
}
