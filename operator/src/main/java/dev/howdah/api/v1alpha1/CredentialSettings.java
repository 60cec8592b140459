// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** When logins get a new password, and how long the one before goes on working. Durations such as 720h or 1h30m. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.rotateEvery) || duration(self.rotateEvery) > duration('0s')",
        fieldPath = ".rotateEvery",
        message = "rotateEvery: must be longer than 0; leave it out to rotate only on request")
@ValidationRule(
        value = "!has(self.rotateEvery) || !has(self.overlap) || duration(self.overlap) < duration(self.rotateEvery)",
        fieldPath = ".overlap",
        message = "overlap: must be shorter than rotateEvery, or no rotation could begin in time")
@ValidationRule(
        value = "!has(self.closeAfter) || !has(self.overlap) || duration(self.closeAfter) >= duration(self.overlap)",
        fieldPath = ".closeAfter",
        message = "closeAfter: must not be shorter than overlap, for which the login before is sure to work")
public record CredentialSettings(
        @Size(min = 1, max = 24)
        @Pattern(Shapes.DURATION)
        @JsonPropertyDescription(
                "Age at which a login is replaced by its other one with a new password, such as 720h. Default: only "
                        + "when the claim is annotated with howdah.dev/rotate.")
        @Nullable
        String rotateEvery,

        @Size(min = 1, max = 24)
        @Pattern(Shapes.DURATION)
        @JsonPropertyDescription(
                "How long the login before is sure to work after a rotation; it is closed once no session was seen on "
                        + "it for as long. May be 0s. Default: 24h.")
        @Nullable
        String overlap,

        @Size(min = 1, max = 24)
        @Pattern(Shapes.DURATION)
        @JsonPropertyDescription(
                "How long after a rotation the login before is closed even while it is in use; its sessions are ended. "
                        + "Default: never while it is in use.")
        @Nullable
        String closeAfter) {}
