package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.security.SecureRandom;
import java.util.concurrent.ThreadFactory;

/**
 * What client and server run on.
 *
 * @param time for deadlines
 * @param random for nonces
 * @param threads virtual ones
 * @param listener told of what happens
 */
public record RpcRuntime(
        Time time, SecureRandom random, ThreadFactory threads, RpcListener listener) {}
