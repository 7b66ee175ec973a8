package io.lilio.server.s3.operation;

/**
 * What the operations have to know of the configuration.
 *
 * @param region the region that this store says it is in, such as {@code us-east-1}
 * @param chunkSizeBytes bytes per chunk of new buckets, 64 KiB to 64 MiB
 */
public record EdgeSettings(String region, int chunkSizeBytes) {}
