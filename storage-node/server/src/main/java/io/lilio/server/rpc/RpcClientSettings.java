package io.lilio.server.rpc;

import io.lilio.replication.MemberClient;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of a client.
 *
 * @param connections most connections to one peer
 * @param idle how long a connection is kept that nobody uses; less than servers keep it
 * @param deadlines how long calls may take
 * @param tls files when TLS is on
 */
public record RpcClientSettings(
        int connections, Duration idle, Deadlines deadlines, Optional<TlsFiles> tls) {

    public RpcClientSettings {
        if (connections < 1) {
            throw new IllegalArgumentException("connections is 1 or more, not " + connections);
        }
    }

    /**
     * How long calls may take, waiting for a connection included. To mark all chunks takes as long
     * as {@link MemberClient#MARK_ALL_DEADLINE} allows.
     *
     * @param connect to open a connection and prove each other
     * @param payload a put, and what looks at many chunks
     * @param read a read or a verification
     * @param control everything else
     */
    public record Deadlines(Duration connect, Duration payload, Duration read, Duration control) {

        /** Those that callers have too, see {@code ReplicationSettings}. */
        public static final Deadlines DEFAULT =
                new Deadlines(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));

        Duration of(RpcOperation operation) {
            return switch (operation) {
                case PUT, DIGEST -> payload;
                case MARK_ALL_UNCONFIRMED -> MemberClient.MARK_ALL_DEADLINE;
                case READ, VERIFY -> read;
                case STAT, DELETE, LIST, CONFIRM, UNCONFIRMED, HEALTH, USAGE, REFILLED -> control;
            };
        }
    }

    /** 128 connections, kept for a minute. */
    public static RpcClientSettings defaults() {
        return new RpcClientSettings(
                128, Duration.ofMinutes(1), Deadlines.DEFAULT, Optional.empty());
    }
}
