package io.lilio.catalog.bucket;

/** Whether a bucket keeps the versions of its objects. */
public enum Versioning {
    /** Never enabled: every object is its null version. */
    OFF,
    /** Every write makes a version; a delete without a version id makes a delete marker. */
    ENABLED,
    /** Was enabled: what there is stays, new writes replace the null version. */
    SUSPENDED
}
