// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for claims.
 *
 * @param target which claims; absent: every claim
 * @param priority between policies that set the same value the higher wins, then the name that comes first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabasePolicySpec(
        @Required
        @JsonPropertyDescription(
                "What is done about claims that break the policy. Audit: they are counted in its status and "
                        + "metrics. Warn: they go through with a warning and Compliant=False. Enforce: they are "
                        + "refused, and defaults and overrides act.")
        Enforcement enforcement,

        @JsonPropertyDescription("Which claims it is for; {} or nothing is every claim.") @Nullable
        Target target,

        @Default("0")
        @Min(-1_000_000)
        @Max(1_000_000)
        @JsonPropertyDescription(
                "Of policies that set the same value the one with the higher priority wins, then the one whose "
                        + "name comes first. Limits and quotas are not ranked: all hold. Default: 0.")
        @Nullable
        Integer priority,

        @JsonPropertyDescription("Values where neither claim nor class says anything. They act under Enforce.")
        @Nullable
        Settings defaults,

        @JsonPropertyDescription("Values that win over class and claim. They act under Enforce.") @Nullable
        Settings overrides,

        @JsonPropertyDescription("What a claim may be.") @Nullable
        PolicyLimits limits,

        @JsonPropertyDescription(
                "What the claims of a namespace that it is for may take together, retained databases included.")
        @Nullable
        Quota quota) {

    /** Which claims a policy is for: the parts that are given must all match. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Target(
            @JsonPropertyDescription("Labels of the namespaces. Default: every namespace.") @Nullable
            LabelSelector namespaceSelector,

            @Size(max = 64)
            @ValidationRule(
                    value = Shapes.NOT_EMPTY,
                    message = "classNames: must not be empty, which would match no claim; leave it out for every class")
            @JsonPropertyDescription("The classes of the claims. Default: every class.")
            @Nullable
            List<@Size(max = Shapes.DNS_SUBDOMAIN_LENGTH) @Pattern(Shapes.DNS_SUBDOMAIN) String> classNames) {}

    /** Values that a policy sets. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Settings(
            @Size(max = Shapes.MOST_PARAMETERS) @JsonPropertyDescription("PostgreSQL parameters by name.") @Nullable
            Map<String, @Size(max = Shapes.PARAMETER_VALUE_LENGTH) String> parameters,

            @JsonPropertyDescription("When logins get new passwords, and how long the ones before go on working.")
            @Nullable
            CredentialSettings credentials) {}

    /** What a namespace may take. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Quota(
            @Min(0) @JsonPropertyDescription("How many databases. Default: no limit.") @Nullable
            Integer databases,

            @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
            @Pattern(Shapes.QUANTITY_OR_NONE)
            @JsonPropertyDescription("Sum of the storage budgets, such as 200Gi. Default: no limit.")
            @Nullable
            String storage,

            @Min(0) @JsonPropertyDescription("Sum of the connections. Default: no limit.") @Nullable
            Integer connections) {}
}
