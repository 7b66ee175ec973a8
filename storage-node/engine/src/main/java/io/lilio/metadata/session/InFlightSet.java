package io.lilio.metadata.session;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a session that are in flight, oldest opening revision first. Joining and leaving
 * are a few assignments under one lock. Thread-safe.
 *
 * <p>The last revision seen only rises, and a request takes it under the lock as it joins: so the
 * list is sorted by construction, and once a publisher has raised the last revision seen to F and
 * then looked at the list, every request that it did not find there opens at F or later.
 */
final class InFlightSet {

    private @Nullable InFlight first;
    private @Nullable InFlight last;
    private int size;
    private long lastSeen;
    private long bumpsBegun;
    private int orphanedHolds;

    InFlightSet(long lastSeen) {
        this.lastSeen = lastSeen;
    }

    synchronized InFlight join(Session session) {
        InFlight request = new InFlight(session, this, lastSeen);
        request.previous = last;
        if (last == null) {
            first = request;
        } else {
            last.next = request;
        }
        last = request;
        request.joined = true;
        size++;
        return request;
    }

    synchronized void leave(InFlight request) {
        if (request.closed) {
            return;
        }
        request.closed = true;
        if (request.held) {
            orphanedHolds++;
        } else {
            size--;
            unlinkUnlessNeeded(request);
        }
    }

    synchronized void prolong(InFlight request) {
        if (request.closed) {
            throw new IllegalStateException("the request has left already and holds nothing");
        }
        request.prolonged++;
    }

    synchronized void endProlonging(InFlight request) {
        request.prolonged--;
        unlinkUnlessNeeded(request);
    }

    synchronized void hold(InFlight request) {
        if (request.closed) {
            throw new IllegalStateException("the request has left already and holds nothing");
        }
        request.held = true;
        request.heldAfterBump = bumpsBegun;
    }

    /** Raises the last revision seen. */
    synchronized void observe(long revision) {
        lastSeen = Math.max(lastSeen, revision);
    }

    synchronized long lastSeen() {
        return lastSeen;
    }

    synchronized OptionalLong smallestOpening() {
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.openingRevision());
    }

    /** Those that are open, and those that are closed and held. */
    synchronized int size() {
        return size;
    }

    synchronized long bumpsBegun() {
        return bumpsBegun;
    }

    /** Numbers a bump of the fence, before it is sent. */
    synchronized long beginBump() {
        return ++bumpsBegun;
    }

    /** A bump succeeded: what was held before it began is held no longer. */
    synchronized void bumped(long number) {
        InFlight request = first;
        while (request != null) {
            InFlight next = request.next;
            if (request.held && request.heldAfterBump < number) {
                request.held = false;
                if (request.closed) {
                    orphanedHolds--;
                    size--;
                    unlinkUnlessNeeded(request);
                }
            }
            request = next;
        }
    }

    /** Whether a request is gone whose commit may still happen: somebody has to bump the fence. */
    synchronized boolean awaitsBump() {
        return orphanedHolds > 0;
    }

    private void unlinkUnlessNeeded(InFlight request) {
        if (request.closed && !request.held && request.prolonged == 0) {
            unlink(request);
        }
    }

    private void unlink(InFlight request) {
        if (!request.joined) {
            return;
        }
        request.joined = false;
        if (request.previous == null) {
            first = request.next;
        } else {
            request.previous.next = request.next;
        }
        if (request.next == null) {
            last = request.previous;
        } else {
            request.next.previous = request.previous;
        }
        request.previous = null;
        request.next = null;
    }
}
