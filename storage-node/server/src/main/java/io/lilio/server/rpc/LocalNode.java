package io.lilio.server.rpc;

import io.lilio.metadata.HighWaterMark;
import java.util.function.BooleanSupplier;

/**
 * What a node lets others call.
 *
 * @param process names this process: calls meant for another one are refused
 * @param members the stores that this node hosts
 * @param ring what is known of it here
 * @param metadata the furthest that they are known to have been here
 * @param deletionStopped whether members of this node delete nothing for anybody; never blocks
 */
public record LocalNode(
        long process,
        HostedMembers members,
        EpochGate ring,
        HighWaterMark metadata,
        BooleanSupplier deletionStopped) {}
