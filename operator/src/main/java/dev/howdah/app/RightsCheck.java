// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.api.rights.OperatorRights;
import dev.howdah.api.rights.OperatorRights.Right;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the API server once what it lets the operator do, so that what is missing is named before it is missed. */
final class RightsCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RightsCheck.class);
    private static final String ALL = "*";
    private static final String WAY_OUT =
            "give it the roles of the Helm chart (helm upgrade puts back what was changed), or see docs/install.md";

    private RightsCheck() {}

    /** @throws IllegalStateException with one line, if something is missing without which nothing goes */
    static void check(KubernetesClient client, String namespace, HowdahConfig config, boolean webhook) {
        var needed = new ArrayList<>(OperatorRights.everywhere());
        if (config.leaderElection().enabled()) {
            needed.addAll(OperatorRights.leading(config.leaderElection().leaseName()));
        }
        if (webhook) {
            needed.addAll(OperatorRights.registering(config.webhook().name()));
        }
        List<ResourceRule> rules;
        try {
            var status = client.authorization()
                    .v1()
                    .selfSubjectRulesReview()
                    .create(new SelfSubjectRulesReviewBuilder()
                            .withNewSpec()
                            .withNamespace(namespace)
                            .endSpec()
                            .build())
                    .getStatus();
            if (Boolean.TRUE.equals(status.getIncomplete())) {
                return;
            }
            rules = status.getResourceRules();
        } catch (KubernetesClientException e) {
            LOG.info("the API server does not say what this user may do: {}", e.getMessage());
            return;
        }
        var missing = needed.stream().filter(right -> !granted(rules, right)).toList();
        var vital = missing.stream().filter(Right::vital).toList();
        if (!vital.isEmpty()) {
            throw new IllegalStateException("the cluster %s does not let this user %s: %s"
                    .formatted(client.getMasterUrl(), words(vital), WAY_OUT));
        }
        if (!missing.isEmpty()) {
            LOG.warn("the API server does not let this user {}: {}", words(missing), WAY_OUT);
        }
    }

    private static String words(List<Right> rights) {
        return rights.stream().map(Right::toString).distinct().collect(Collectors.joining(", "));
    }

    private static boolean granted(List<ResourceRule> rules, Right right) {
        return rules.stream()
                .anyMatch(rule -> has(rule.getVerbs(), right.verb())
                        && has(rule.getApiGroups(), right.group())
                        && resource(rule.getResources(), right.resource())
                        && (rule.getResourceNames().isEmpty()
                                || (right.name() != null
                                        && rule.getResourceNames().contains(right.name()))));
    }

    private static boolean has(List<String> some, String wanted) {
        return some.contains(ALL) || some.contains(wanted.toLowerCase(Locale.ROOT));
    }

    private static boolean resource(List<String> some, String wanted) {
        var slash = wanted.indexOf('/');
        return has(some, wanted) || (slash > 0 && some.contains(ALL + wanted.substring(slash)));
    }
}
