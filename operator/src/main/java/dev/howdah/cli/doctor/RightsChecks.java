// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.api.rights.OperatorRights;
import dev.howdah.api.rights.OperatorRights.Right;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the operator's ServiceAccount may do what the operator does; what it may not is named verb by verb. */
final class RightsChecks {
    private static final String AREA = "rights";

    private final KubernetesClient client;
    private final Installation installation;
    private final String user;

    RightsChecks(KubernetesClient client, Installation installation) {
        this.client = client;
        this.installation = installation;
        this.user = "system:serviceaccount:%s:%s".formatted(installation.namespace(), installation.serviceAccount());
    }

    List<Check> checks() {
        var subject = "ServiceAccount %s/%s".formatted(installation.namespace(), installation.serviceAccount());
        try {
            if (client.serviceAccounts()
                            .inNamespace(installation.namespace())
                            .withName(installation.serviceAccount())
                            .get()
                    == null) {
                return List.of(
                        Check.warning(
                                AREA,
                                subject,
                                "is not there, so what the operator may do is not known",
                                "Name it by --service-account; an operator outside of the cluster says itself at its start what it lacks"));
            }
            return reviewed(subject);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of(Check.notChecked(
                        AREA,
                        subject,
                        "get serviceaccounts or create subjectaccessreviews: ask a cluster admin to run this"));
            }
            throw e;
        }
    }

    private List<Check> reviewed(String subject) {
        var isSelf = user.equals(self());
        var missing = new ArrayList<String>();
        OperatorRights.everywhere().stream()
                .filter(right -> !granted(right, null, isSelf))
                .map(Right::toString)
                .forEach(missing::add);
        OperatorRights.leading(installation.lease()).stream()
                .filter(right -> !granted(right, installation.namespace(), isSelf))
                .map(right -> "%s in namespace \"%s\"".formatted(right, installation.namespace()))
                .forEach(missing::add);
        OperatorRights.registering(installation.webhook()).stream()
                .filter(right -> !granted(right, null, isSelf))
                .map(Right::toString)
                .forEach(missing::add);
        return missing.isEmpty()
                ? List.of(Check.fine(AREA, subject, "has every right that the operator uses"))
                : List.of(Check.problem(
                        AREA,
                        subject,
                        "may not " + String.join(", ", missing),
                        "Give it the roles of the Helm chart: helm upgrade puts back what was changed"));
    }

    private String self() {
        var review = new GenericKubernetesResource();
        review.setApiVersion("authentication.k8s.io/v1");
        review.setKind("SelfSubjectReview");
        var answer = client.genericKubernetesResources("authentication.k8s.io/v1", "SelfSubjectReview")
                .resource(review)
                .create();
        return String.valueOf(answer.<Object>get("status", "userInfo", "username"));
    }

    private boolean granted(Right right, @Nullable String namespace, boolean isSelf) {
        var attributes = attributes(right, namespace);
        var reviews = client.authorization().v1();
        var status = isSelf
                ? reviews.selfSubjectAccessReview()
                        .create(new SelfSubjectAccessReviewBuilder()
                                .withNewSpec()
                                .withResourceAttributes(attributes)
                                .endSpec()
                                .build())
                        .getStatus()
                : reviews.subjectAccessReview()
                        .create(new SubjectAccessReviewBuilder()
                                .withNewSpec()
                                .withUser(user)
                                .withGroups(
                                        "system:serviceaccounts",
                                        "system:serviceaccounts:" + installation.namespace(),
                                        "system:authenticated")
                                .withResourceAttributes(attributes)
                                .endSpec()
                                .build())
                        .getStatus();
        return Boolean.TRUE.equals(status.getAllowed());
    }

    private static ResourceAttributes attributes(Right right, @Nullable String namespace) {
        var slash = right.resource().indexOf('/');
        return new ResourceAttributesBuilder()
                .withVerb(right.verb())
                .withGroup(right.group())
                .withResource(slash < 0 ? right.resource() : right.resource().substring(0, slash))
                .withSubresource(slash < 0 ? null : right.resource().substring(slash + 1))
                .withName(right.name())
                .withNamespace(namespace)
                .build();
    }
}
