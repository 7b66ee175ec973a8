package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.metadata.session.record.SessionRecord;
import io.lilio.time.Time;
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
    private final Time time;
    private final RandomGenerator random;
    private final LiveSessions live;
    private final Repeated lifeSign;
    private final Repeated marks;
    private volatile Session current;

    /**
     * Opens this node's first session.
     *
     * @throws MetadataUnavailableException when the store does not answer
     */
    public Sessions(
            MetadataStore store, SessionSettings settings, Time time, RandomGenerator random) {
        this.store = store;
        this.settings = settings;
        this.time = time;
        this.random = random;
        this.live = new LiveSessions(store);
        this.current = openSession();
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
        if (!current.isEnded() && !store.keepAlive(current.lease())) {
            current.end();
        }
        reopenIfEnded();
    }

    private void tick() {
        if (!current.isEnded()) {
            current.tick(live);
        }
        reopenIfEnded();
    }

    private synchronized void reopenIfEnded() {
        if (!current.isEnded() || lifeSign.isClosed()) {
            return;
        }
        log.warn("session {} of this node has ended; opening another", current.incarnation());
        // It may have been declared ended on a doubt; now it is certain.
        store.revokeLease(current.lease());
        Session next = openSession();
        current = next;
        if (lifeSign.isClosed()) {
            next.end();
            store.revokeLease(next.lease());
        }
    }

    private Session openSession() {
        LeaseId lease = store.grantLease(settings.ttl());
        SessionKeys keys = new SessionKeys(random.nextLong());
        long mark = store.revision();
        SessionRecord record =
                SessionRecord.newBuilder()
                        .setNode(settings.node())
                        .setAddress(settings.address())
                        .build();
        CommitResult result =
                store.commit(
                        Txn.upkeep()
                                .when(new Compare.Absent(keys.record()))
                                .put(keys.record(), Bytes.wrap(record.toByteArray()), lease)
                                .put(keys.mark(), Mark.encode(mark), lease)
                                .put(keys.fence(), Bytes.empty(), lease)
                                .build());
        if (result instanceof CommitResult.Committed(long incarnation)) {
            log.info("session {} of node {} begins", incarnation, settings.node());
            return new Session(store, new Birth(keys, lease, incarnation, mark));
        }
        // Unknown, or a key that 64 random bits have met before: this one is not to live on.
        store.revokeLease(lease);
        throw new MetadataUnavailableException("no session could be opened: " + result, null);
    }
}
