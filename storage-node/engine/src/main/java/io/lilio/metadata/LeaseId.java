package io.lilio.metadata;

/** Names a lease. Unique within a store, never used again. */
public record LeaseId(long value) {}
