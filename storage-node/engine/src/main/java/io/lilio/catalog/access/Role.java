package io.lilio.catalog.access;

/** What an access key may do. */
public enum Role {
    READ_ONLY,
    READ_WRITE,
    /** Everything, buckets and other access keys included. */
    ADMIN
}
