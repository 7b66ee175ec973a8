package io.lilio.crd.bucket;

import io.lilio.crd.ConditionReason;

/** Why a condition of a LilioBucket has its status. */
public enum BucketReason implements ConditionReason {
    /** All is as the spec has it. */
    AS_EXPECTED("AsExpected"),
    /** The spec is new, and the operator has not acted on it yet. */
    NOT_YET_OBSERVED("NotYetObserved"),
    /** The resource is being deleted. */
    DELETING("Deleting"),
    /** There is no such LilioCluster. */
    CLUSTER_NOT_FOUND("ClusterNotFound"),
    /** The cluster does not serve. */
    CLUSTER_NOT_READY("ClusterNotReady"),
    /** The cluster does not admit buckets of this namespace: see its {@code allowedNamespaces}. */
    NAMESPACE_NOT_ALLOWED("NamespaceNotAllowed"),
    /** Another LilioBucket owns the bucket. */
    BUCKET_OWNED_BY_ANOTHER("BucketOwnedByAnother"),
    /** The bucket was there before, and {@code adoptExisting} is not set. */
    BUCKET_EXISTS("BucketExists"),
    /** The bucket holds objects, and {@code deletionPolicy} is {@code DeleteIfEmpty}. */
    BUCKET_NOT_EMPTY("BucketNotEmpty"),
    /** A Secret of that name is there, and not the operator's. */
    SECRET_OWNED_BY_ANOTHER("SecretOwnedByAnother"),
    /** No node answers to the operator, or not what it understands. */
    ADMIN_API_UNREACHABLE("AdminApiUnreachable");

    private final String text;

    BucketReason(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
