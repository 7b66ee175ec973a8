package io.lilio.server.rpc;

import io.lilio.metadata.HighWaterMark;
import java.util.function.LongSupplier;

/**
 * What a node tells another with every call and every answer, and learns from it.
 *
 * @param epoch the newest ring epoch that it knows
 * @param metadata the furthest that it knows the metadata to have been
 */
public record Known(LongSupplier epoch, HighWaterMark metadata) {}
