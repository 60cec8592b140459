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

/** An exception with an owner, a reason and an end. */
@Group(Howdah.GROUP)
@Version(Howdah.VERSION)
@Plural("databasewaivers")
@ShortNames("dbwaiver")
@Categories(Howdah.CATEGORY)
@JsonClassDescription("DatabaseWaiver widens limits for one claim: by an owner, for a reason, until a date.")
@AdditionalPrinterColumn(name = "NAMESPACE", jsonPath = ".spec.claimRef.namespace")
@AdditionalPrinterColumn(name = "CLAIM", jsonPath = ".spec.claimRef.name")
@AdditionalPrinterColumn(name = "ACCEPTED", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].reason")
@AdditionalPrinterColumn(name = "OWNER", jsonPath = ".spec.owner")
@AdditionalPrinterColumn(name = "EXPIRES", jsonPath = ".spec.expirationTime")
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class DatabaseWaiver extends CustomResource<DatabaseWaiverSpec, DatabaseWaiverStatus> {}
