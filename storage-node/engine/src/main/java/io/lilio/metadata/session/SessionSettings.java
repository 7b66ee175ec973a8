package io.lilio.metadata.session;

import java.time.Duration;
import java.util.List;

/**
 * How a node lives in the metadata.
 *
 * @param node the node's name, unique in its cluster
 * @param address where its peers reach it, host:port; empty when it has none
 * @param members the backends that it hosts
 * @param ttl how long the session outlives its last sign of life; kept alive three times as often
 * @param markInterval how often the mark is looked at, and written when it has moved
 */
public record SessionSettings(
        String node,
        String address,
        List<HostedMember> members,
        Duration ttl,
        Duration markInterval) {

    /** How long a session outlives its last sign of life unless it is told otherwise. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(10);

    public SessionSettings {
        members = List.copyOf(members);
        if (ttl.compareTo(Duration.ofMillis(100)) < 0
                || ttl.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "a session's ttl is 100 ms to 10 minutes, not " + ttl);
        }
        if (!markInterval.isPositive() || markInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "a mark interval is positive and at most a minute, not " + markInterval);
        }
    }

    /** Ten seconds to live, marks every second, no members. */
    public static SessionSettings of(String node, String address) {
        return new SessionSettings(node, address, List.of(), DEFAULT_TTL, Duration.ofSeconds(1));
    }

    /** The same with another ttl. */
    public SessionSettings withTtl(Duration value) {
        return new SessionSettings(node, address, members, value, markInterval);
    }

    /** The same for a node that hosts these. */
    public SessionSettings withMembers(List<HostedMember> hosted) {
        return new SessionSettings(node, address, hosted, ttl, markInterval);
    }
}
