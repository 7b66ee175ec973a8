package io.lilio.crd.bucket;

import io.lilio.crd.ConditionType;

/** The conditions of a LilioBucket. */
public enum BucketConditionType implements ConditionType {
    /** The bucket is there, as the spec has it, and its credentials open it. */
    READY("Ready"),
    /** The Secret holds an access key that works. */
    CREDENTIALS_READY("CredentialsReady"),
    /** The LilioBucket is deleted, and something keeps its bucket from going. */
    DELETION_BLOCKED("DeletionBlocked");

    private final String text;

    BucketConditionType(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
