// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.Duration;

/**
 * Writes the status of the object that is reconciled. The SDK keeps to itself the events of an object that are older than
 * its own last write of it, so that an edit made just before a status was written would go unseen until somebody looks
 * anyway (operator-framework/java-operator-sdk#3398). What the write returns tells of such an edit.
 */
public final class StatusWrite {
    private StatusWrite() {}

    /**
     * @param seen the object as it was reconciled
     * @param patch its name and the status
     * @param again when to look again, as far as what was seen goes
     * @return when to look again: at once where the object was edited meanwhile
     */
    public static <P extends HasMetadata> Duration write(P seen, P patch, Duration again, Context<P> context) {
        try {
            var written = context.resourceOperations().serverSideApplyPrimaryStatus(patch);
            return new MeaningfulUpdate<P>().accept(written, seen) ? Duration.ZERO : again;
        } catch (KubernetesClientException e) {
            // Deleted a moment ago: there is nobody left to tell, and the event of it is under way.
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return again;
            }
            throw e;
        }
    }
}
