package io.lilio.chunk.backend.local;

import io.lilio.rocks.RocksMemory;
import io.lilio.time.Time;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * What a {@link LocalChunkStore} takes from the process around it.
 *
 * @param rocksMemory native memory shared by all databases
 * @param time clocks and timers
 * @param random unpredictable, for the salts of segments
 * @param platformThreads makes platform threads (never virtual ones) for what blocks on the medium
 */
public record LocalRuntime(
        RocksMemory rocksMemory,
        Time time,
        RandomGenerator random,
        ThreadFactory platformThreads) {}
