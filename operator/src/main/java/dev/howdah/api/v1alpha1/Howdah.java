// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Names of the API group that more than one room needs. */
public final class Howdah {
    public static final String GROUP = "howdah.dev";
    public static final String VERSION = "v1alpha1";
    /** {@code kubectl get howdah -A} lists everything. */
    public static final String CATEGORY = "howdah";

    /** Marks the class that claims without a {@code className} get. */
    public static final String DEFAULT_CLASS = GROUP + "/is-default-class";
    /** {@code "true"}: the operator leaves the object and everything behind it alone. */
    public static final String PAUSED = GROUP + "/paused";
    /** On a claim whose database is gone: the database name, as consent to start again with an empty one. */
    public static final String ACCEPT_LOSS = GROUP + "/accept-loss";
    /** On a claim: any new value asks for new passwords once; the logins before go on for the overlap. */
    public static final String ROTATE = GROUP + "/rotate";
    /** On a claim: the same without overlap; the logins before are closed at once. */
    public static final String ROTATE_NOW = GROUP + "/rotate-now";
    /** On a server: how many orphaned ledger rows may be closed at once. */
    public static final String CLOSE_ORPHANS = GROUP + "/close-orphans";
    /** On a server that is being deleted: its own name, as consent to give up the databases of its ledger. */
    public static final String ABANDON = GROUP + "/abandon";

    /** Finalizer of claims and servers. */
    public static final String FINALIZER = GROUP + "/finalizer";
    /** Label of every Secret the operator publishes; the value is the claim's name. */
    public static final String CLAIM_LABEL = GROUP + "/claim";
    /** Field manager of every server-side apply. */
    public static final String FIELD_MANAGER = "howdah";
    /** Label of what the operator may also replace or delete again; the value is {@link #FIELD_MANAGER}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private Howdah() {}

    /** Whether somebody asked for this object to be left alone. */
    public static boolean isPaused(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(PAUSED));
    }
}
