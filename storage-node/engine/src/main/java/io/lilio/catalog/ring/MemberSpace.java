package io.lilio.catalog.ring;

/**
 * How full a member is.
 *
 * @param usedBytes what its chunks take
 * @param freeBytes what it can still take
 */
public record MemberSpace(long usedBytes, long freeBytes) {}
