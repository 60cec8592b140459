// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Adoption;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server object consents to: databases handed to claims by pair, and the ledger of a lost cluster. */
public final class Consents {
    private Consents() {}

    private static List<Adoption> adoptions(PostgresServer server) {
        var spec = server.getSpec();
        return spec == null || spec.adoptions() == null ? List.of() : spec.adoptions();
    }

    /** The pair that names a claim; of several the first, by their order. */
    public static Optional<Adoption> adoption(PostgresServer server, ClaimIdentity claim) {
        return adoptions(server).stream()
                .filter(adoption -> names(adoption, claim))
                .findFirst();
    }

    private static boolean names(Adoption adoption, ClaimIdentity claim) {
        return adoption.claimRef().namespace().equals(claim.namespace())
                && adoption.claimRef().name().equals(claim.name());
    }

    /** Rows whose pair was acted on and stands there no more. */
    public static List<LedgerClaim> over(Member member) {
        return member.rows().stream()
                .filter(row -> row.history().consentUsed() && !pairs(member.resource(), row))
                .toList();
    }

    /** Whether this pair stands there. */
    static boolean pairs(PostgresServer server, LedgerClaim row) {
        return adoptions(server).stream()
                .anyMatch(adoption -> adoption.database().equals(row.database()) && names(adoption, row.identity()));
    }

    /** Whether a claim gets what a former namespace of its name left; consent by pair counts once. */
    public static Handover handover(PostgresServer server, LedgerClaim row, ClaimIdentity claim, Instant now) {
        if (row.identity().namespaceUid().equals(claim.namespaceUid())) {
            return Handover.Never;
        }
        if (waitsForRecovery(server, row, now)) {
            return Handover.ByRecovery;
        }
        return pairs(server, row) && !row.history().consentUsed() ? Handover.ByPair : Handover.Never;
    }

    /** The installation whose ledger may be taken over now, {@code null} for none. */
    public static @Nullable String recovers(PostgresServer server, Instant now) {
        var recovery = server.getSpec().recovery();
        return recovery == null || !now.isBefore(end(recovery)) ? null : recovery.installation();
    }

    /** Why a consent that stands there takes over nothing, {@code null} where none does. */
    public static @Nullable String recoversNothing(PostgresServer server, Instant now) {
        var recovery = server.getSpec().recovery();
        if (recovery == null) {
            return null;
        }
        return recovers(server, now) == null
                ? "The one there is over: `spec.recovery.untilTime` is %s; set a later one"
                        .formatted(recovery.untilTime())
                : "The one there is for another installation: `spec.recovery.installation` is %s; correct it"
                        .formatted(recovery.installation());
    }

    /** Whether a row of a lost cluster is still waiting for its claim: until then nothing ends it. */
    public static boolean waitsForRecovery(PostgresServer server, LedgerClaim row, Instant now) {
        var former = row.history().formerInstallation();
        return former != null && former.equals(recovers(server, now));
    }

    /** What is no time is over: nothing is consented to that was not understood. */
    private static Instant end(PostgresServerSpec.Recovery recovery) {
        try {
            return OffsetDateTime.parse(recovery.untilTime()).toInstant();
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }
}
