package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeptWatch;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataBehindException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's sessions, one after the other, and a look at everybody's. It keeps the current
 * session alive, publishes its mark, bumps its fence for requests that could not, and opens another
 * when it has ended. Thread-safe.
 */
public final class Sessions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final MetadataStore store;
    private final SessionSettings settings;
    private final List<Compare> belonging;
    private final Time time;
    private final RandomGenerator random;
    private final LiveSessions live;
    private final Repeated lifeSign;
    private final Repeated marks;
    private final ReentrantLock reopening = new ReentrantLock();
    private final long process;
    private volatile Session current;

    /**
     * Opens this node's first session.
     *
     * @param belonging what has to hold for a session to be opened, now and whenever one has ended:
     *     that the metadata are still those of this cluster
     * @throws MetadataUnavailableException when the store does not answer, or that does not hold
     */
    public Sessions(
            MetadataStore store,
            SessionSettings settings,
            List<Compare> belonging,
            Time time,
            RandomGenerator random) {
        this.store = store;
        this.settings = settings;
        this.belonging = List.copyOf(belonging);
        this.time = time;
        this.random = random;
        this.live = new LiveSessions(store);
        this.current = openSession(0);
        this.process = current.incarnation();
        this.lifeSign =
                new Repeated(
                        time,
                        settings.ttl().dividedBy(3),
                        "keep the session alive",
                        this::keepAlive);
        this.marks =
                new Repeated(
                        time, settings.markInterval(), "publish the session's mark", this::tick);
    }

    /**
     * The session that requests join. It may have ended; joining it fails then, until the next one
     * is there.
     */
    public Session current() {
        return current;
    }

    /**
     * The incarnation of this process's first session: names the process for ever, whatever
     * sessions it has.
     */
    public long process() {
        return process;
    }

    /** Joins the current session; see {@link Session#begin()}. */
    public InFlight begin() {
        return current.begin();
    }

    /**
     * All live sessions of all nodes and their marks, linearizable: a session that is not in the
     * answer was dead when this was called, or not yet born.
     *
     * @throws MetadataUnavailableException when the store does not answer
     */
    public Marks live() {
        return live.read();
    }

    /**
     * Whether a session of this node lives still: linearizable, for the cost of one read.
     *
     * @throws MetadataUnavailableException when the store does not answer
     */
    public boolean lives(long incarnation) {
        Session session = current;
        return session.incarnation() == incarnation && session.livesStill();
    }

    /**
     * Watches nodes come and go; {@link #live()} tells who is there. To be started and closed by
     * the caller.
     *
     * @param changed run soon after some session began or ended
     */
    public KeptWatch watchNodes(Runnable changed) {
        return new KeptWatch(
                store,
                time,
                new KeptWatch.What(
                        "the nodes",
                        List.of(SessionKeys.all()),
                        change -> SessionKeys.isRecord(change.key())),
                changed);
    }

    /** Ends the current session at once, so that nobody waits for its mark. Idempotent. */
    @Override
    public void close() {
        lifeSign.close();
        marks.close();
        Session last = current;
        last.end();
        try {
            store.revokeLease(last.lease());
        } catch (MetadataUnavailableException e) {
            log.warn("the session ends by itself, after its ttl: {}", e.getMessage());
        }
    }

    private void keepAlive() {
        orEnd(
                session -> {
                    if (!store.keepAlive(session.lease())) {
                        session.end();
                    }
                });
        reopenIfEnded();
    }

    private void tick() {
        orEnd(session -> session.tick(live));
        reopenIfEnded();
    }

    /** Metadata that went back may hold a session that they have ended since, and older marks. */
    private void orEnd(Consumer<Session> work) {
        Session session = current;
        if (session.isEnded()) {
            return;
        }
        try {
            work.accept(session);
        } catch (MetadataBehindException e) {
            session.end();
            throw e;
        }
    }

    private void reopenIfEnded() {
        reopening.lock();
        try {
            reopenIfEndedAlone();
        } finally {
            reopening.unlock();
        }
    }

    private void reopenIfEndedAlone() {
        if (!current.isEnded() || lifeSign.isClosed()) {
            return;
        }
        long _ = store.revision(); // they answer, and did not go back: or else later
        log.warn("session {} of this node has ended; opening another", current.incarnation());
        // It may have been declared ended on a doubt; now it is certain.
        store.revokeLease(current.lease());
        Session next = openSession(process);
        current = next;
        if (lifeSign.isClosed()) {
            next.end();
            store.revokeLease(next.lease());
        }
    }

    private Session openSession(long ofProcess) {
        LeaseId lease = store.grantLease(settings.ttl());
        SessionKeys keys = new SessionKeys(random.nextLong());
        long mark = store.revision();
        Txn birth =
                Txn.upkeep()
                        .when(new Compare.Absent(keys.record()))
                        .when(belonging)
                        .put(keys.record(), SessionRecords.encode(settings, ofProcess), lease)
                        .put(keys.mark(), Mark.encode(mark), lease)
                        .put(keys.fence(), Bytes.empty(), lease)
                        .build();
        CommitResult result;
        try {
            result = store.commit(birth);
        } catch (LeaseEndedException e) {
            throw new MetadataUnavailableException(
                    "no session could be opened: its lease ended before it had begun", e);
        }
        if (result instanceof CommitResult.Committed(long incarnation)) {
            log.info("session {} of node {} begins", incarnation, settings.node());
            return new Session(store, new Birth(keys, lease, incarnation, mark));
        }
        // Unknown, refused, or a key that 64 random bits have met before: it is not to live on.
        store.revokeLease(lease);
        throw new MetadataUnavailableException(
                result instanceof CommitResult.Refused && !belonging.isEmpty()
                        ? "no session could be opened: the metadata are not those of this cluster"
                                + " any more"
                        : "no session could be opened: " + result,
                null);
    }
}
