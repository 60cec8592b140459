// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The database a team asks for: one database with its logins, extensions and Secrets.
 *
 * <p>Names that belong to PostgreSQL, a provider or the operator, such as {@code postgres}, are harmless here: the
 * database is called {@code <namespace>_<name>}. What depends on the namespace is the reconciler's to refuse.
 */
@Group(Howdah.GROUP)
@Version(Howdah.VERSION)
@Plural("databaseclaims")
@ShortNames("dbclaim")
@Categories(Howdah.CATEGORY)
@JsonClassDescription(
        "DatabaseClaim asks for a PostgreSQL database. The operator finds a server, creates the database "
                + "and its logins, and publishes each login as a Secret in the claim's namespace. `spec: {}` is a complete claim.")
@ValidationRule(
        value = "self.metadata.name.size() <= 63 && self.metadata.name.matches('" + Shapes.DNS_LABEL + "')",
        message = "metadata.name: must be a DNS label (lower-case letters, digits and '-', at most 63 characters), "
                + "because it becomes part of the database's name; choose another name")
@ValidationRule(
        value = "!has(self.spec.access) || [self.spec.access.map(a, has(a.secretName) ? a.secretName : "
                + "self.metadata.name + '-' + (self.spec.access.size() == 1 || (has(a.binding) && a.binding) ? 'db' : "
                + "a.name))].all(names, names.all(n, names.exists_one(m, m == n)))",
        message = "spec.access: two logins would write the same Secret; give each a secretName of its own (default: "
                + "<claim>-db for the binding, <claim>-<name> for others)")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.server) || (has(self.spec.className) == "
                + "has(oldSelf.spec.className) && (!has(self.spec.className) || self.spec.className == "
                + "oldSelf.spec.className))",
        fieldPath = ".spec.className",
        message = "className: fixed once the claim is bound to a server; put the old value back, or make a new claim "
                + "and move the data")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.server) || (has(self.spec.majorVersion) == "
                + "has(oldSelf.spec.majorVersion) && (!has(self.spec.majorVersion) || self.spec.majorVersion == "
                + "oldSelf.spec.majorVersion))",
        fieldPath = ".spec.majorVersion",
        message = "majorVersion: fixed once the claim is bound to a server; put the old value back, or make a new "
                + "claim and move the data")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "CLASS", jsonPath = ".status.className")
@AdditionalPrinterColumn(name = "VERSION", jsonPath = ".status.server.version")
@AdditionalPrinterColumn(name = "SECRET", jsonPath = ".status.binding.name")
@AdditionalPrinterColumn(name = "SERVER", jsonPath = ".status.server.name", priority = 1)
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".status.database", priority = 1)
@AdditionalPrinterColumn(name = "CONNECTIONS", jsonPath = ".status.connections", type = Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class DatabaseClaim extends CustomResource<DatabaseClaimSpec, DatabaseClaimStatus> implements Namespaced {}
