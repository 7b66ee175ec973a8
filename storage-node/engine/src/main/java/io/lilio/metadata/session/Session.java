package io.lilio.metadata.session;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import java.util.List;

/**
 * One incarnation of a node: its requests in flight, its mark and its fence. It ends once, with its
 * lease, and never comes back; {@link Sessions} opens another then. Thread-safe.
 */
public final class Session {

    private final MetadataStore store;
    private final Birth birth;
    private final InFlightSet inFlight;
    private final Mark mark;
    private final Fence fence;
    private final Quiet quiet;
    private volatile boolean ended;

    Session(MetadataStore store, Birth birth) {
        this.store = store;
        this.birth = birth;
        this.inFlight = new InFlightSet(birth.incarnation());
        this.mark = new Mark(store, birth, inFlight);
        this.fence = new Fence(store, birth, inFlight);
        this.quiet = new Quiet(birth.incarnation());
    }

    /** The revision that created this session: names it for ever. */
    public long incarnation() {
        return birth.incarnation();
    }

    /**
     * Joins the in-flight set. Every request does so before its first read and closes when it needs
     * nothing more. Costs no call to the store.
     *
     * @throws ObjectStoreException unavailable, when this session has ended
     */
    public InFlight begin() {
        ensureLive();
        return inFlight.join(this);
    }

    /**
     * Tells the session of a revision that the store has answered with, so that requests open no
     * earlier than need be. Cheap; any revision, in any order.
     */
    public void observe(long revision) {
        inFlight.observe(revision);
    }

    /** The greatest revision that this session knows of. */
    public long lastRevisionSeen() {
        return inFlight.lastSeen();
    }

    /**
     * For one attempt to commit.
     *
     * @throws ObjectStoreException unavailable, when this session has ended
     */
    public SessionGuard guard() {
        ensureLive();
        return new SessionGuard(this, birth.keys(), fence.revision());
    }

    /**
     * When this returns, no commit that compared a guard taken before the call can be applied any
     * more: either the fence has moved or the session has ended. Requests that waited for that hold
     * the mark no longer.
     *
     * @throws MetadataUnavailableException when neither is known; the session tries again by itself
     *     for requests that are closed meanwhile
     */
    public void bumpFence() {
        if (!fence.bump()) {
            end();
        }
    }

    /**
     * Writes the mark now instead of at its next turn. Afterwards it has passed every revision that
     * was committed before the call, unless requests in flight keep it back. At most two small
     * transactions.
     *
     * @throws MetadataUnavailableException when the store does not answer
     */
    public void publishNow() {
        long target = store.revision();
        publish();
        if (mark.published() <= target) {
            publish();
        }
    }

    /** The mark, as far as this session knows it to be written. */
    public long mark() {
        return mark.published();
    }

    /** Requests in flight, and closed ones whose commit may still happen. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Whether its record is there still, as the store says now. */
    boolean livesStill() {
        if (ended) {
            return false;
        }
        boolean lives =
                store.read(List.of(birth.keys().record()))
                        .get(0)
                        .filter(found -> found.createRevision() == incarnation())
                        .isPresent();
        if (!lives) {
            end();
        }
        return lives;
    }

    /** Whether this session is known to have ended: nothing of it can be committed any more. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * @throws ObjectStoreException unavailable, when this session has ended
     */
    void ensureLive() {
        if (ended) {
            throw new ObjectStoreException(
                    ObjectStoreException.Kind.UNAVAILABLE,
                    "this node lost its session in the metadata store; try again");
        }
    }

    LeaseId lease() {
        return birth.lease();
    }

    void end() {
        ended = true;
    }

    /** A bump whose answer was lost may have landed later than anybody looked. */
    void learnFence(long revision) {
        fence.learn(revision);
    }

    /** What is to be done once every mark interval. */
    void tick(LiveSessions live) {
        if (inFlight.awaitsBump()) {
            bumpFence();
        }
        if (quiet.asks(store.revision())) {
            quiet.explain(live.read());
        }
        if (quiet.wantsMore(mark.published())) {
            publish();
        }
    }

    private void publish() {
        if (!mark.publish()) {
            end();
        }
    }
}
