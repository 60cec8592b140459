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

/** A PostgreSQL server that can host claims. */
@Group(Howdah.GROUP)
@Version(Howdah.VERSION)
@Plural("postgresservers")
@ShortNames("pgserver")
@Categories(Howdah.CATEGORY)
@JsonClassDescription("PostgresServer is a PostgreSQL server that can host claims: how the operator and applications "
        + "reach it, and what may land on it.")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "VERSION", jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "HARDENED", jsonPath = ".status.conditions[?(@.type==\"Hardened\")].status")
@AdditionalPrinterColumn(name = "DATABASES", jsonPath = ".status.used.databases", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "CAPACITY", jsonPath = ".spec.capacity.databases", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "HOST", jsonPath = ".spec.external.host", priority = 1)
@AdditionalPrinterColumn(name = "CONNECTIONS", jsonPath = ".status.used.connections", type = Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class PostgresServer extends CustomResource<PostgresServerSpec, PostgresServerStatus> {}
