package io.lilio.server.rpc;

import io.lilio.chunk.ChunkStore;
import io.lilio.metadata.HighWaterMark;
import io.lilio.placement.MemberId;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a node lets others call.
 *
 * @param process names this process: calls meant for another one are refused
 * @param members the stores that this node hosts; asked at every call
 * @param ring what is known of it here
 * @param metadata the furthest that they are known to have been here
 * @param deletionStopped whether members of this node delete nothing for anybody; never blocks
 */
public record LocalNode(
        long process,
        Function<MemberId, Optional<ChunkStore>> members,
        EpochGate ring,
        HighWaterMark metadata,
        BooleanSupplier deletionStopped) {}
