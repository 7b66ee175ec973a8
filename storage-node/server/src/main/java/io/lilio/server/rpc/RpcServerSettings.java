package io.lilio.server.rpc;

import io.lilio.chunk.ChunkHeader;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is.
 *
 * @param host where to listen
 * @param port 0 takes any free one
 * @param limits the most that it takes on
 * @param timeouts how long it waits
 * @param tls files when TLS is on
 */
public record RpcServerSettings(
        String host, int port, Limits limits, Timeouts timeouts, Optional<TlsFiles> tls) {

    /**
     * The most that a server takes on.
     *
     * @param connections of those that have proved who they are; more are closed at once
     * @param unproved connections that have not yet; more wait to be taken ({@link Strangers})
     * @param calls served at once; more wait, unread, on their connections
     * @param bufferBytes memory for payloads, a multiple of 1 MiB that holds the largest chunk;
     *     those for which there is none wait likewise. Of calls and memory each member has a {@link
     *     MemberShare}
     */
    public record Limits(int connections, int unproved, int calls, long bufferBytes) {

        public static final Limits DEFAULT = new Limits(4096, 128, 512, ChunkHeader.MAX_LENGTH);

        public Limits {
            if (connections < 1
                    || unproved < 1
                    || calls < 1
                    || bufferBytes < ChunkHeader.MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "limits of %d and %d connections, %d calls, %d bytes"
                                .formatted(connections, unproved, calls, bufferBytes));
            }
        }
    }

    /**
     * How long a server waits.
     *
     * @param handshake for whoever connects to prove itself
     * @param idle for the next call on a connection
     * @param transfer for a frame that has begun to arrive, or an answer to be taken
     * @param queue before a call that may not begin is answered as overloaded
     * @param drain for calls under way when it closes
     */
    public record Timeouts(
            Duration handshake, Duration idle, Duration transfer, Duration queue, Duration drain) {

        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5));
    }

    /** The usual limits, without TLS. */
    public static RpcServerSettings of(String host, int port) {
        return new RpcServerSettings(
                host, port, Limits.DEFAULT, Timeouts.DEFAULT, Optional.empty());
    }
}
