package io.lilio.operator.cluster;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that is another thing each time. A test owns it.
 *
 * @param clock the time
 * @param ids names operations
 * @param secrets unpredictable
 */
public record Randomness(InstantSource clock, Supplier<UUID> ids, RandomGenerator secrets) {}
