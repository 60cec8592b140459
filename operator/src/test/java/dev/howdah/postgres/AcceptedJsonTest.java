// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.plan.EffectiveClaims;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AcceptedJsonTest {
    static final String OF_FIRST_SCHEMA = """
            {"claim":{"className":"standard","majorVersion":18,"connections":30,"locale":{"name":"C"},
            "schemas":["public"],"extensions":["cube","hstore"],"access":[{"name":"app","role":"Owner","binding":true,
            "connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false},
            "terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"connections":20,
            "extensions":["hstore"],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H",
            "ownerMayCreateSchemas":false},"generation":2,
            "installed":[{"name":"cube","version":"1.5","schema":"extensions"}],"unmanaged":[]}
            """;

    private static Accepted read(String json) {
        return AcceptedJson.read(Json.read(json, JsonNode.class));
    }

    @Test
    void what_the_first_schema_did_not_know_is_empty() {
        var accepted = read(OF_FIRST_SCHEMA);
        assertThat(accepted.claim().extensions())
                .containsExactly(new ExtensionRequest("cube", null), new ExtensionRequest("hstore", null));
        assertThat(accepted.claim().connections()).isEqualTo(30);
        assertThat(accepted.claim().storage()).isZero();
        assertThat(accepted.claim().parameters()).isEmpty();
        assertThat(accepted.claim().access()).hasSize(1);
        assertThat(accepted.terms().extensions()).containsExactly(new ExtensionRequest("hstore", null));
        assertThat(accepted.terms().parameters()).isEmpty();
        assertThat(accepted.terms().retainFor()).isEqualTo(Duration.ofHours(168));
        assertThat(accepted.generation()).isEqualTo(2);
        assertThat(accepted.grounds()).isEqualTo(EffectiveClaims.grounds(DatabaseClaimSpec.EMPTY));
        assertThat(accepted.installed()).containsExactly(new ExtensionStatus("cube", "1.5", "extensions"));
    }

    @Test
    void what_is_written_is_read_as_it_was() {
        var spec = new DatabaseClaimSpec(
                null,
                18,
                "10Gi",
                7,
                Map.of("work_mem", "32MB"),
                List.of(new ExtensionRequest("hstore", "1.8"), new ExtensionRequest("cube", null)),
                null,
                null,
                null);
        var terms = EffectiveClaims.terms(18, Duration.ofHours(1), true);
        var accepted = new Accepted(
                EffectiveClaims.of("orders", spec, terms),
                terms,
                3,
                new Accepted.Grounds(
                        spec,
                        List.of(new EffectiveValue("parameters.work_mem", "32MB", "DatabaseClaim")),
                        new TreeMap<>(Map.of("parameters.work_mem", "DatabaseWaiver/w")),
                        new TreeMap<>(Map.of("DatabasePolicy/baseline", 4L))),
                List.of(new ExtensionStatus("hstore", "1.8", "extensions")),
                List.of(),
                List.of(new Finding("RowSecurity", "public.orders", "row level security is on")));
        assertThat(read(Json.write(accepted))).isEqualTo(accepted);
    }

    @Test
    void a_row_that_does_not_tell_what_the_class_stated_is_written_as_it_was() {
        var terms = read(OF_FIRST_SCHEMA).terms();
        assertThat(terms.stated()).isNull();
        assertThat(terms.states(ClassTerms.Default.connections))
                .as("it equals the built-in number")
                .isFalse();
        assertThat(Json.write(terms)).doesNotContain("stated");
        assertThat(Json.write(EffectiveClaims.terms(18, Duration.ofHours(1), true)))
                .contains("\"stated\":[]");
    }

    @Test
    void nothing_is_nothing() {
        assertThat(AcceptedJson.read(null)).isNull();
        assertThat(read("null")).isNull();
    }
}
