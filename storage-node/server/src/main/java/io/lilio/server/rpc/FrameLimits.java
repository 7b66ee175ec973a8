package io.lilio.server.rpc;

import io.lilio.chunk.ChunkHeader;

/** The most that a frame may carry, in bytes: looked at before memory is taken for it. */
record FrameLimits(int headerBytes, int payloadBytes) {

    /** Of somebody who has not proved anything yet. */
    static final FrameLimits HANDSHAKE = new FrameLimits(4096, 0);

    /** Of calls and answers. */
    static final FrameLimits CALLS = new FrameLimits(1 << 20, ChunkHeader.MAX_LENGTH);
}
