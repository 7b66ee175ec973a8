package io.lilio.chunk.backend.local;

/** When a write is acknowledged. */
public enum Durability {
    /** When it survives a power loss. */
    FULL,
    /**
     * When it survives the death of the process. A power loss may take the last half minute or so;
     * what it took is reported as damaged or missing and mended from the other members.
     */
    RELAXED
}
