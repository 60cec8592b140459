// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One login with a Secret of its own.
 *
 * @param connections sessions this login may hold; absent: only the database's limit holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessEntry(
        @Required
        @Size(min = 1, max = 16)
        @Pattern(Shapes.DNS_LABEL)
        @JsonPropertyDescription(
                "Name of the login within the claim: a DNS label of at most 16 characters, unique in the list. "
                        + "It is part of the role's name, so another name is another login.")
        String name,

        @Required
        @JsonPropertyDescription(
                "What the login may do in the claim's schemas. Owner: everything. ReadWrite: read and change "
                        + "rows. ReadOnly: read. A lower role takes effect at once: the login's sessions are "
                        + "ended and what it made is handed to the owner group.")
        AccessRole role,

        @JsonPropertyDescription(
                "Whether the Secret of this entry is the one that status.binding names (Service Binding). A "
                        + "single entry always is; of several, exactly one must say true.")
        @Nullable
        Boolean binding,

        @Min(1)
        @Max(Shapes.MOST_CONNECTIONS)
        @JsonPropertyDescription(
                "Sessions this login may hold at once, within the connections of the whole database. Default: "
                        + "no limit of its own. A lower value holds for new sessions only.")
        @Nullable
        Integer connections,

        @Size(min = 1, max = Shapes.DNS_SUBDOMAIN_LENGTH)
        @Pattern(Shapes.DNS_SUBDOMAIN)
        @JsonPropertyDescription("Name of the Secret with this login's credentials, in the claim's namespace. Default: "
                + "<claim>-db for the binding entry, <claim>-<name> for others. After a change the new "
                + "Secret appears at once. A Secret that the claim does not own is never touched.")
        @Nullable
        String secretName) {}
