package io.lilio.chunk.backend.memory;

/**
 * What a {@link MemoryChunkStore} is given.
 *
 * @param name of the backend, for messages
 * @param partitions how many partitions the cluster's key space is cut into
 * @param capacityBytes the direct memory it may take, a multiple of 1 MiB; a chunk takes the next
 *     power of two, at least 4 KiB
 */
public record MemoryChunkStoreSettings(String name, int partitions, long capacityBytes) {}
