// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Updates that ask for something: a new spec, one of our annotations or labels, deletion, a finalizer taken away. Status
 * writes, our own above all, are not among them.
 */
public class MeaningfulUpdate<T extends HasMetadata> implements OnUpdateFilter<T> {
    @Override
    public boolean accept(T after, T before) {
        var now = after.getMetadata();
        var then = before.getMetadata();
        return !Objects.equals(now.getGeneration(), then.getGeneration())
                || !Objects.equals(now.getDeletionTimestamp(), then.getDeletionTimestamp())
                || !Objects.equals(now.getLabels(), then.getLabels())
                || !ours(after).equals(ours(before))
                || (then.getFinalizers().contains(Howdah.FINALIZER)
                        && !now.getFinalizers().contains(Howdah.FINALIZER));
    }

    private static Map<String, String> ours(HasMetadata object) {
        var ours = new TreeMap<String, String>();
        var annotations = object.getMetadata().getAnnotations();
        if (annotations != null) {
            annotations.forEach((key, value) -> {
                if (key.startsWith(Howdah.GROUP + "/")) {
                    ours.put(key, value);
                }
            });
        }
        return ours;
    }
}
