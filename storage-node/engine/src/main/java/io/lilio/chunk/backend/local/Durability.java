package io.lilio.chunk.backend.local;

/** When a write is acknowledged. */
public enum Durability {
    /** When it survives a power loss. */
    FULL,
    /**
     * When it survives the death of the process. A power loss may take the last half minute or so:
     * writes, which are then reported as damaged or missing and mended from the other members, and
     * deletes, whose chunks come back as unconfirmed ones and are collected.
     */
    RELAXED
}
