package io.lilio.engine;

import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkStore;
import io.lilio.metadata.KeptWatch;
import io.lilio.metadata.session.HostedMember;
import io.lilio.metadata.session.LiveSession;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's {@link Members} in step with what the other nodes announce in their sessions
 * (DESIGN §12: the session record, not cached DNS, says where a node is). Thread-safe.
 *
 * <p>A node whose session has ended keeps its members here: it may have lost the metadata and
 * nothing else, and then its chunks are read and written as ever. If it is gone, calls to it fail
 * and its circuit breakers open.
 */
final class Peers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    private final Sessions sessions;
    private final RingCache ring;
    private final Members members;
    private final PeerConnector connector;
    private final KeptWatch watch;
    private final Map<MemberId, Connected> connected = new HashMap<>();
    private boolean closed;

    /** A member, and how it is reached. */
    private record Connected(PeerConnector.Peer peer, MemberStore store) {}

    Peers(Sessions sessions, RingCache ring, Members members, PeerConnector connector) {
        this.sessions = sessions;
        this.ring = ring;
        this.members = members;
        this.connector = connector;
        this.watch = sessions.watchNodes(this::refresh);
    }

    /** Connects to everyone who is announced now, and goes on with whoever comes. */
    void start() {
        refresh();
        watch.start();
    }

    /** The same as {@link #refresh}, on another thread; again when the metadata do not answer. */
    void refreshSoon() {
        watch.tell();
    }

    /**
     * Compares what is announced with what is connected.
     *
     * @throws io.lilio.metadata.MetadataUnavailableException when the metadata do not answer
     */
    void refresh() {
        List<LiveSession> live = sessions.live().sessions();
        Ring known = ring.current().ring();
        List<ChunkStore> superseded;
        synchronized (this) {
            if (closed) {
                return;
            }
            superseded = new ArrayList<>();
            newest(live).forEach((id, hosted) -> connect(id, hosted, known, superseded));
            connected.keySet().removeIf(id -> forget(id, known, superseded));
        }
        superseded.forEach(ChunkStore::close);
    }

    /** A member as the newest session announces it: a node that was killed has two for a while. */
    private record Announced(LiveSession session, HostedMember member) {}

    private Map<MemberId, Announced> newest(List<LiveSession> live) {
        Map<MemberId, Announced> newest = new HashMap<>();
        for (LiveSession session : live) {
            if (session.owner().process() == sessions.process() || session.address().isEmpty()) {
                continue;
            }
            for (HostedMember hosted : session.owner().members()) {
                newest.merge(
                        new MemberId(hosted.id()),
                        new Announced(session, hosted),
                        (one, other) ->
                                one.session().incarnation() > other.session().incarnation()
                                        ? one
                                        : other);
            }
        }
        return newest;
    }

    private void connect(
            MemberId id, Announced announced, Ring known, List<ChunkStore> superseded) {
        Optional<Member> member = known.member(id);
        if (isRemoved(member) || isOwn(id)) {
            return;
        }
        LiveSession.Node node = announced.session().owner();
        var peer = new PeerConnector.Peer(node.name(), node.address(), node.process());
        @Nullable Connected before = connected.get(id);
        if (before != null && before.peer().equals(peer)) {
            return;
        }
        HostedMember hosted = announced.member();
        MemberStore store =
                new MemberStore(
                        id,
                        node.name() + "/" + hosted.name(),
                        node.name(),
                        false,
                        connector.connect(peer, id));
        log.info("member {} ({}) is reached at {}", store.name(), id, peer.address());
        connected.put(id, new Connected(peer, store));
        members.add(store);
        if (before != null) {
            superseded.add(before.store().store());
        }
    }

    /** Another node that announces one of ours has a copy of its directory: it will not start. */
    private boolean isOwn(MemberId id) {
        return members.find(id).filter(client -> client.member().local()).isPresent();
    }

    private boolean forget(MemberId id, Ring known, List<ChunkStore> superseded) {
        if (!isRemoved(known.member(id))) {
            return false;
        }
        members.remove(id);
        Connected gone = connected.get(id);
        if (gone != null) {
            superseded.add(gone.store().store());
        }
        return true;
    }

    private static boolean isRemoved(Optional<Member> member) {
        return member.filter(known -> known.state() == MemberState.REMOVED).isPresent();
    }

    @Override
    public void close() {
        watch.close();
        List<ChunkStore> stores;
        synchronized (this) {
            closed = true;
            stores = connected.values().stream().map(each -> each.store().store()).toList();
            connected.clear();
        }
        stores.forEach(ChunkStore::close);
    }
}
