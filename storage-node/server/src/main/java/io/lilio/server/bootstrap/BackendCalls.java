package io.lilio.server.bootstrap;

import io.lilio.engine.Backend;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.util.Optional;

/** How calls to a node's own backends go: a disk that hangs cannot tell. Thread-safe. */
final class BackendCalls {

    private final Members members;

    BackendCalls(Members members) {
        this.members = members;
    }

    /**
     * What is amiss, in words; empty when nothing is. A breaker that is half open is no trouble: it
     * waits for a call, and there may be none for long.
     */
    Optional<String> trouble(Backend backend) {
        return members.find(backend.id()).flatMap(BackendCalls::trouble);
    }

    private static Optional<String> trouble(MemberClient client) {
        if (client.hangingCalls() > 0) {
            return Optional.of("calls that hang: " + client.hangingCalls());
        }
        boolean reads = client.readState() != BreakerState.OPEN;
        boolean writes = client.writeState() != BreakerState.OPEN;
        if (reads && writes) {
            return Optional.empty();
        }
        return Optional.of((reads ? "writes" : writes ? "reads" : "reads and writes") + " fail");
    }
}
