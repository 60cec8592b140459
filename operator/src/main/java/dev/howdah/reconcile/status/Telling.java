// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is forbidden. A reconciler that could not even say so in a status, because that is what it may not write, says
 * it in the log: one line that names verb and resource, and no stack trace. It is tried again in any case.
 */
public interface Telling<P extends HasMetadata> extends Reconciler<P> {
    Duration LOOK_AGAIN = Duration.ofSeconds(30);

    @Override
    default ErrorStatusUpdateControl<P> updateErrorStatus(P resource, Context<P> context, Exception e) {
        var words = Forbidden.words(e);
        if (words.isEmpty()) {
            return ErrorStatusUpdateControl.defaultErrorProcessing();
        }
        Logger log = LoggerFactory.getLogger(getClass());
        log.warn("{} {}: {}", resource.getKind(), resource.getMetadata().getName(), words.get());
        return ErrorStatusUpdateControl.<P>noStatusUpdate().rescheduleAfter(LOOK_AGAIN);
    }
}
