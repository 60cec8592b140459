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

/** A DBA's offer: which servers and versions, with which defaults and what an owner may do. */
@Group(Howdah.GROUP)
@Version(Howdah.VERSION)
@Plural("databaseclasses")
@ShortNames("dbclass")
@Categories(Howdah.CATEGORY)
@JsonClassDescription("DatabaseClass is an offer to claims: which servers and versions, which defaults, and what an "
        + "owner may do. The class annotated howdah.dev/is-default-class: \"true\" serves claims that name none. What a "
        + "bound claim took from its class is pinned; an edit changes future claims only.")
@AdditionalPrinterColumn(name = "ACCEPTED", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].reason")
@AdditionalPrinterColumn(name = "DEFAULT", jsonPath = ".metadata.annotations.howdah\\.dev/is-default-class")
@AdditionalPrinterColumn(name = "VERSIONS", jsonPath = ".spec.majorVersions")
@AdditionalPrinterColumn(name = "SERVERS", jsonPath = ".status.servers", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "CLAIMS", jsonPath = ".status.claims", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class DatabaseClass extends CustomResource<DatabaseClassSpec, DatabaseClassStatus> {}
