// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A DBA's guardrails for claims. */
@Group(Howdah.GROUP)
@Version(Howdah.VERSION)
@Plural("databasepolicies")
@ShortNames("dbpolicy")
@Categories(Howdah.CATEGORY)
@JsonClassDescription("DatabasePolicy says what must hold for claims: defaults, overrides, limits and a quota per "
        + "namespace. An edit drops, closes and shrinks nothing; what no longer complies is reported.")
@AdditionalPrinterColumn(name = "ENFORCEMENT", jsonPath = ".spec.enforcement")
@AdditionalPrinterColumn(name = "ACCEPTED", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].reason")
@AdditionalPrinterColumn(name = "TARGETS", jsonPath = ".status.targets", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "VIOLATING", jsonPath = ".status.violating", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "PRIORITY", jsonPath = ".spec.priority", type = Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class DatabasePolicy extends CustomResource<DatabasePolicySpec, DatabasePolicyStatus> {}
