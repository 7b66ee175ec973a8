package io.lilio.object;

import io.lilio.time.Time;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * What the use cases take from outside, so that a test can own it.
 *
 * @param time clocks and waits
 * @param random names blobs; thread-safe, and unpredictable enough that two nodes never meet
 * @param threads makes the threads that work beside a request: virtual ones
 */
public record Environment(Time time, RandomGenerator random, ThreadFactory threads) {}
