package io.lilio.engine;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.Catalog.Ground;
import io.lilio.catalog.owner.Owner;
import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.metadata.MetadataStore;
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
import io.lilio.replication.ReplicationListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one process over its own backends. Server, tests and benchmarks put it together
 * here and nowhere else. Thread-safe.
 */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** Stragglers hold at most this share of the buffers (DESIGN §8). */
    private static final int STRAGGLER_SHARE = 4;

    private final Environment environment;
    private final Ring founded;
    private final BufferPool buffers;
    private final Members members;
    private final RingCache ring;
    private final Sessions sessions;
    private final Catalog catalog;
    private final Confirmations confirmations;
    private final ReadRepair repair;
    private final ObjectStore objects;

    private Engine(EngineSettings settings, Parts parts) {
        this.environment = parts.environment();
        this.founded = parts.ring();
        this.buffers = new BufferPool(settings.buffers(), environment.time());
        this.members =
                new Members(
                        settings.members(),
                        environment.time(),
                        environment.threads(),
                        parts.listener());
        parts.backends().forEach(backend -> members.add(member(settings, backend)));
        this.ring = RingCache.open(parts.metadata(), environment.time());
        this.sessions =
                new Sessions(
                        parts.metadata(),
                        settings.session(),
                        environment.time(),
                        environment.random());
        this.catalog =
                Catalog.on(
                        new Ground(
                                parts.metadata(),
                                sessions,
                                environment.time(),
                                environment.random(),
                                settings.session().node()));
        this.confirmations = new Confirmations(members);
        RingLocator locator = new RingLocator(ring);
        this.repair = new ReadRepair(members, locator, this::isOwned, buffers);
        Replication replication = founded.replication();
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

    /** What an engine is made of. */
    private record Parts(
            Ring ring,
            MetadataStore metadata,
            List<Backend> backends,
            Environment environment,
            ReplicationListener listener) {}

    /**
     * Founds the cluster when the metadata are empty, joins it otherwise, and opens this node's
     * session.
     *
     * @param metadata stays owned by the caller, and outlives the engine
     * @param backends all of this process; their stores stay owned by the caller
     * @param listener told of what replication does
     * @throws IllegalStateException with a sentence for an administrator, when the metadata belong
     *     to another cluster or do not know a backend
     * @throws IllegalArgumentException with such a sentence, when there are too few backends
     * @throws io.lilio.metadata.MetadataUnavailableException when the metadata do not answer
     */
    public static Engine open(
            EngineSettings settings,
            MetadataStore metadata,
            List<Backend> backends,
            Environment environment,
            ReplicationListener listener) {
        Ring ring = new Membership(metadata, settings).establish(backends);
        Engine engine =
                new Engine(settings, new Parts(ring, metadata, backends, environment, listener));
        engine.warnOfAbsentMembers(settings, ring);
        return engine;
    }

    private static MemberStore member(EngineSettings settings, Backend backend) {
        return new MemberStore(
                backend.id(),
                backend.name(),
                settings.session().node(),
                settings.host(),
                backend.zone(),
                true,
                backend.store());
    }

    private void warnOfAbsentMembers(EngineSettings settings, Ring known) {
        for (Member member : known.members()) {
            if (member.node().equals(settings.session().node())
                    && members.find(member.id()).isEmpty()) {
                log.warn(
                        "backend '{}' ({}) of this node is missing: its replicas are"
                                + " neither read nor written",
                        member.name(),
                        member.id());
            }
        }
    }

    private boolean isOwned(ChunkHeader header) {
        return catalog.ownerLookup().find(header.owner(), header.id().blob()) instanceof Owner.Live;
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

    /** Time, randomness and threads, as they were given. */
    public Environment environment() {
        return environment;
    }

    /** Quorums. */
    public Replication replication() {
        return founded.replication();
    }

    /**
     * Ends background work and this node's session. Requests must have ended. The stores stay open.
     */
    @Override
    public void close() {
        repair.close();
        confirmations.flush();
        flushUsage();
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
