package io.lilio.engine;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.Catalog.Ground;
import io.lilio.catalog.owner.Owner;
import io.lilio.catalog.ring.Announcements;
import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.maintenance.drop.GatedChunkStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.BlobStore;
import io.lilio.object.Environment;
import io.lilio.object.ObjectStore;
import io.lilio.placement.Member;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.replication.ChunkReader;
import io.lilio.replication.ChunkWriter;
import io.lilio.replication.Confirmations;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.replication.ReadRepair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one process, over its own backends and those of its peers. Server, tests and
 * benchmarks put it together here and nowhere else. Thread-safe.
 */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** Stragglers hold at most this share of the buffers (DESIGN §8). */
    private static final int STRAGGLER_SHARE = 4;

    private final Environment environment;
    private final Replication replication;
    private final BufferPool buffers;
    private final Members members;
    private final RingCache ring;
    private final Sessions sessions;
    private final Peers peers;
    private final ReturnWatch returns;
    private final Catalog catalog;
    private final Confirmations confirmations;
    private final ReadRepair repair;
    private final ObjectStore objects;

    private Engine(
            EngineSettings settings, EngineParts parts, Environment environment, Joined joined) {
        this.environment = environment;
        this.replication = joined.ring().replication();
        this.buffers = new BufferPool(settings.buffers(), environment.time());
        this.members =
                new Members(
                        settings.members(),
                        environment.time(),
                        environment.threads(),
                        parts.listener());
        this.ring = RingCache.open(parts.metadata(), environment.time());
        parts.backends().forEach(backend -> members.add(member(settings, backend)));
        this.sessions = joined.sessions();
        this.peers = new Peers(sessions, ring, members, parts.peers());
        this.returns =
                new ReturnWatch(
                        new Announcements(new RingStore(parts.metadata())),
                        ring,
                        members,
                        sessions,
                        environment.time());
        this.catalog =
                Catalog.on(
                        new Ground(
                                parts.metadata(),
                                sessions,
                                environment.time(),
                                environment.random(),
                                settings.session().node()));
        this.confirmations = new Confirmations(members, () -> ring.current().epoch(), this::lives);
        RingLocator locator = new RingLocator(ring, members);
        this.repair =
                new ReadRepair(
                        members, locator, this::isOwned, () -> sessions.begin()::close, buffers);
        BlobStore blobs =
                new BlobStore(
                        new ChunkWriter(
                                members,
                                replication,
                                confirmations,
                                settings.buffers().capacityBytes() / STRAGGLER_SHARE),
                        new ChunkReader(members, replication, locator, buffers, repair),
                        buffers,
                        ring::current);
        this.objects = ObjectStore.on(sessions, catalog, blobs, settings.objects(), environment);
    }

    /**
     * Opens this node's session, founds the cluster together with the other nodes that found it
     * when there is none, joins it otherwise, and connects to the peers. Returns when the cluster
     * exists, so it may take until other nodes are started.
     *
     * @throws IllegalStateException with a sentence for an administrator, when the metadata belong
     *     to another cluster, the node or one of its backends is already there, or there are too
     *     few backends to found a cluster with
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    public static Engine open(EngineSettings settings, EngineParts parts, Environment environment) {
        Joined joined = new Membership(settings, parts, environment).join();
        try {
            Engine engine = new Engine(settings, parts, environment, joined);
            engine.peers.start();
            engine.returns.start();
            engine.warnOfAbsentMembers(settings, joined.ring());
            parts.backends().forEach(backend -> tellOtherPlace(settings, backend, joined.ring()));
            return engine;
        } catch (RuntimeException failed) {
            joined.sessions().close();
            throw failed;
        }
    }

    private MemberStore member(EngineSettings settings, Backend backend) {
        return new MemberStore(
                backend.id(),
                backend.name(),
                settings.session().node(),
                true,
                new GatedChunkStore(backend.store(), ring, environment.time()));
    }

    private void warnOfAbsentMembers(EngineSettings settings, Ring known) {
        for (Member member : known.members()) {
            if (member.node().equals(settings.session().node())
                    && !member.state().gone()
                    && members.find(member.id()).isEmpty()) {
                log.warn(
                        "backend '{}' ({}) of this node is missing: its replicas are"
                                + " neither read nor written",
                        member.name(),
                        member.id());
            }
        }
    }

    /** What is configured counts when a member is announced, not once the ring knows it. */
    private static void tellOtherPlace(EngineSettings settings, Backend backend, Ring known) {
        known.member(backend.id())
                .filter(
                        member ->
                                !member.host().equals(settings.host())
                                        || !member.zone().equals(backend.zone())
                                        || member.weight() != backend.weight())
                .ifPresent(
                        member ->
                                log.info(
                                        "backend '{}' is configured with host '{}', zone '{}' and"
                                                + " weight {}, the ring keeps '{}', '{}' and {}",
                                        backend.name(),
                                        settings.host(),
                                        backend.zone(),
                                        backend.weight(),
                                        member.host(),
                                        member.zone(),
                                        member.weight()));
    }

    private boolean isOwned(ChunkHeader header) {
        return catalog.ownerLookup().find(header.owner(), header.id().blob()) instanceof Owner.Live;
    }

    /** A session of which nobody knows may have ended. */
    private boolean lives(long session) {
        try {
            return sessions.lives(session);
        } catch (MetadataUnavailableException e) {
            log.debug("nobody knows whether session {} lives", session, e);
            return false;
        }
    }

    /** All that can be done with objects. */
    public ObjectStore objects() {
        return objects;
    }

    /** What the cluster remembers. */
    public Catalog catalog() {
        return catalog;
    }

    /** This node's sessions. */
    public Sessions sessions() {
        return sessions;
    }

    /** The newest ring known here. */
    public RingCache ring() {
        return ring;
    }

    /** The members that this node reaches. */
    public Members members() {
        return members;
    }

    /** All the memory that payloads may take. */
    public BufferPool buffers() {
        return buffers;
    }

    /** Chunks that wait to be mended, and those that mend them. */
    public ReadRepair repair() {
        return repair;
    }

    /** Looks at who announces what, soon: some peer is not where it was thought to be. */
    public void lookForPeers() {
        peers.refreshSoon();
    }

    /** Time, randomness and threads, as they were given. */
    public Environment environment() {
        return environment;
    }

    /**
     * Ends background work and this node's session. Requests must have ended. The stores stay open.
     */
    @Override
    public void close() {
        repair.close();
        confirmations.flush();
        flushUsage();
        returns.close();
        peers.close();
        ring.close();
        sessions.close();
    }

    private void flushUsage() {
        try {
            catalog.usage().flush();
        } catch (MetadataUnavailableException e) {
            log.warn("what was counted is lost until the next full walk: {}", e.getMessage());
        }
    }
}
