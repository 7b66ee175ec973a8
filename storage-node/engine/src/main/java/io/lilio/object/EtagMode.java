package io.lilio.object;

/** What the ETag of a new object or part is. */
public enum EtagMode {
    /** The MD5 of the bytes, as clients of S3 expect. */
    MD5,
    /**
     * Random, with a minus sign so that no client takes it for an MD5. Saves the processor that MD5
     * takes, the slowest part of a PUT.
     */
    OPAQUE
}
