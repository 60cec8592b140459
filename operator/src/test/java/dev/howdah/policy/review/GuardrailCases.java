// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.CredentialSettings;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassSpec;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Quota;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Settings;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Target;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.OtherParameters;
import dev.howdah.api.v1alpha1.ParameterLimit;
import dev.howdah.api.v1alpha1.PolicyLimits;
import dev.howdah.api.v1alpha1.PolicyLimits.AllowedExtension;
import dev.howdah.api.v1alpha1.PolicyLimits.ConnectionLimit;
import dev.howdah.api.v1alpha1.PolicyLimits.StorageLimit;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.ExtensionOffer.Extension;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ServerTraits;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Claims and all that has a say about them, from a seed. The values are few, so that they meet: the same parameter in several
 * policies, numbers on both sides of a limit, the same value in two spellings.
 */
final class GuardrailCases {
    static final long SEED = Long.getLong("howdah.seed", 20_261_124L);

    private static final Map<String, List<String>> VALUES = Map.of(
            "work_mem", List.of("1MB", "64MB", "65536kB", "128MB", "1GB"),
            "temp_buffers", List.of("8MB", "8192kB", "1GB"),
            "statement_timeout", List.of("0", "1s", "1000ms", "5min", "1h"),
            "log_min_duration_statement", List.of("-1", "0", "500ms", "1s"),
            "default_transaction_isolation", List.of("read committed", "repeatable read", "serializable"),
            "transaction_timeout", List.of("0", "1min"));
    private static final List<String> PARAMETERS =
            VALUES.keySet().stream().sorted().toList();
    private static final List<String> STORAGE = List.of("1Gi", "1024Mi", "5Gi", "10Gi", "50Gi", "999999999999999Pi");
    private static final List<String> EXTENSIONS = List.of("pg_trgm", "hstore", "cube", "dblink");

    private final Random random;

    private GuardrailCases(long seed) {
        this.random = new Random(seed);
    }

    /** The cases of one index do not depend on how many there were before. */
    static GuardrailCases of(int index) {
        return new GuardrailCases(SEED * 1_000_003 + index);
    }

    Random random() {
        return random;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    <T> @Nullable T maybe(Supplier<T> supplier) {
        return random.nextInt(3) == 0 ? supplier.get() : null;
    }

    private <T> List<T> some(List<T> of) {
        return of.stream().filter(one -> random.nextBoolean()).toList();
    }

    private Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            var name = one(PARAMETERS);
            parameters.put(name, one(VALUES.get(name)));
        }
        if (random.nextInt(20) == 0) {
            parameters.put("work_men", "1MB");
        }
        return parameters;
    }

    DatabaseClaimSpec spec() {
        return new DatabaseClaimSpec(
                maybe(() -> "standard"),
                maybe(() -> one(List.of(16, 17, 18))),
                maybe(() -> one(STORAGE)),
                maybe(() -> one(List.of(1, 20, 100, 200))),
                random.nextBoolean() ? parameters() : null,
                maybe(() -> some(EXTENSIONS).stream().map(this::request).toList()),
                maybe(() -> List.of("public", "audit")),
                maybe(() -> List.of(new AccessEntry("app", one(List.of(AccessRole.values())), null, null, null))),
                maybe(() -> one(List.of(DeletionPolicy.values()))));
    }

    private ExtensionRequest request(String name) {
        return new ExtensionRequest(name, random.nextInt(4) == 0 ? one(List.of("1.0", "1.1")) : null);
    }

    Guards guards() {
        var waivers = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> waiver("w" + i))
                .toList();
        return new Guards(
                databaseClass(),
                new ArrayList<>(IntStream.range(0, random.nextInt(6))
                        .mapToObj(i -> policy("p" + i))
                        .toList()),
                new ArrayList<>(waivers),
                null,
                random.nextBoolean() ? null : server(),
                IntStream.range(0, random.nextInt(4)).mapToObj(this::charge).toList(),
                Guards.NOW);
    }

    private Charge charge(int index) {
        return new Charge(
                "other-" + index,
                one(List.of("standard", "large")),
                new Demand(random.nextLong(20L << 30), random.nextInt(60)),
                random.nextBoolean());
    }

    private ServerTraits server() {
        var offer = new LinkedHashMap<String, Extension>();
        EXTENSIONS.forEach(name -> offer.put(
                name, new Extension(name, "1.1", List.of("1.0", "1.1"), !name.equals("dblink"), List.of(), null)));
        return new ServerTraits("eu", random.nextBoolean(), Set.of(), new ExtensionOffer(offer));
    }

    DatabaseClass databaseClass() {
        var databaseClass = new DatabaseClass();
        databaseClass.setMetadata(new ObjectMetaBuilder().withName("standard").build());
        databaseClass.setSpec(new DatabaseClassSpec(
                null,
                new LabelSelector(),
                List.of(17, 18),
                new DatabaseClassSpec.Defaults(
                        null,
                        maybe(() -> one(STORAGE)),
                        maybe(() -> one(List.of(10, 20, 150))),
                        maybe(this::parameters),
                        maybe(() -> some(EXTENSIONS).stream().map(this::request).toList()),
                        null,
                        maybe(() -> one(List.of(DeletionPolicy.values()))),
                        maybe(this::credentials)),
                null,
                null,
                null));
        return databaseClass;
    }

    private CredentialSettings credentials() {
        return new CredentialSettings(
                maybe(() -> one(List.of("720h", "48h"))),
                maybe(() -> one(List.of("0s", "1h", "24h"))),
                maybe(() -> one(List.of("24h", "200h"))));
    }

    DatabasePolicy policy(String name) {
        return policy(
                name, one(List.of(Enforcement.Enforce, Enforcement.Enforce, Enforcement.Warn, Enforcement.Audit)));
    }

    DatabasePolicy policy(String name, Enforcement mode) {
        return policy(
                name,
                new DatabasePolicySpec(
                        mode,
                        random.nextInt(4) == 0
                                ? new Target(
                                        maybe(() -> new LabelSelectorBuilder()
                                                .addToMatchLabels("env", one(List.of("prod", "dev")))
                                                .build()),
                                        maybe(() -> List.of(one(List.of("standard", "large")))))
                                : null,
                        random.nextInt(3),
                        maybe(() -> new Settings(known(), maybe(this::credentials))),
                        maybe(() -> new Settings(known(), maybe(this::credentials))),
                        random.nextInt(4) > 0 ? limits() : null,
                        maybe(this::quota)));
    }

    DatabasePolicy policy(String name, DatabasePolicySpec spec) {
        var policy = new DatabasePolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withName(name).withGeneration(1L).build());
        policy.setSpec(spec);
        return policy;
    }

    private Map<String, String> known() {
        var parameters = parameters();
        parameters.remove("work_men");
        return parameters;
    }

    private Quota quota() {
        return new Quota(maybe(() -> random.nextInt(5)), maybe(() -> one(STORAGE)), maybe(() -> random.nextInt(300)));
    }

    PolicyLimits limits() {
        return new PolicyLimits(
                maybe(this::ranges),
                random.nextInt(6) == 0 ? one(List.of(OtherParameters.values())) : null,
                random.nextInt(4) == 0
                        ? some(EXTENSIONS).stream()
                                .map(name -> new AllowedExtension(name, maybe(() -> List.of("1.1"))))
                                .toList()
                        : null,
                random.nextInt(6) == 0 ? List.of(one(List.of(17, 18))) : null,
                random.nextInt(10) == 0 ? List.of(one(List.of("standard", "large"))) : null,
                maybe(() -> new StorageLimit(null, one(STORAGE))),
                maybe(() -> random.nextBoolean() ? new ConnectionLimit(null, 100) : new ConnectionLimit(30, 150)),
                random.nextInt(6) == 0 ? some(List.of(AccessRole.values())) : null,
                random.nextInt(6) == 0 ? List.of(one(List.of(DeletionPolicy.values()))) : null);
    }

    private Map<String, ParameterLimit> ranges() {
        var ranges = new LinkedHashMap<String, ParameterLimit>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            var name = one(PARAMETERS);
            var values = VALUES.get(name);
            ranges.put(
                    name,
                    name.equals("default_transaction_isolation") || random.nextInt(4) == 0
                            ? new ParameterLimit(null, null, List.of(one(values)))
                            : random.nextBoolean()
                                    ? new ParameterLimit(null, one(values), null)
                                    : new ParameterLimit(values.get(1), values.getLast(), null));
        }
        return ranges;
    }

    DatabaseWaiver waiver(String name) {
        var waiver = new DatabaseWaiver();
        waiver.setMetadata(
                new ObjectMetaBuilder().withName(name).withGeneration(1L).build());
        waiver.setSpec(new DatabaseWaiverSpec(
                new DatabaseWaiverSpec.ClaimReference("shop", random.nextInt(5) == 0 ? "other" : "orders"),
                limits(),
                "dba",
                "test",
                Guards.TOMORROW));
        return waiver;
    }
}
