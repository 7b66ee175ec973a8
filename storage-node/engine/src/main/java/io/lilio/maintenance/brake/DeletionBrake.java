package io.lilio.maintenance.brake;

import io.lilio.maintenance.brake.BrakeRecords.Picture;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Progress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops all deletion of chunks when the metadata are empty, foreign or older than what some node of
 * the cluster or one of its backends has seen before, or when a collection would delete too much at
 * once (DESIGN §6). Once engaged it stays so, also over a restart, until an administrator
 * acknowledges exactly this engagement by its token.
 *
 * <p>Who engages it says so in the metadata, where all nodes and jobs look before they delete, and
 * there it is released for all of them. Where the metadata are gone or another cluster's, each node
 * keeps it engaged by itself, and says so as soon as the right ones are back.
 *
 * <p>What nodes have seen they tell each other with every call (the high-water mark), so that a job
 * without any memory knows it too. Thread-safe.
 */
public final class DeletionBrake {

    private static final Logger log = LoggerFactory.getLogger(DeletionBrake.class);

    private final BrakeRecords records;
    private final Parts parts;
    private final SeenFiles files;
    private final HighWaterMark mark;
    private final BrakeSettings settings;

    private volatile @Nullable Seen highest;
    private volatile @Nullable Engagement engaged;
    private volatile long givenUp;
    private boolean loaded;
    private long beatsAtLastAsked; // guarded by looking
    private final ReentrantLock looking = new ReentrantLock();
    private final Object storing = new Object();

    /**
     * What the brake asks about, where it remembers, whom it tells.
     *
     * @param metadata as they are, also when they went back
     * @param mark what is known here of how far the metadata were
     * @param random makes tokens
     */
    public record Parts(
            MetadataStore metadata,
            SeenFiles files,
            HighWaterMark mark,
            RandomGenerator random,
            MaintenanceListener listener) {}

    /** One that remembers in files, on threads of its own. */
    public static DeletionBrake remembering(
            List<SeenFile> files, MetadataStore metadata, RunnerParts around, BrakeSettings how) {
        var threads = Thread.ofPlatform().daemon().name("lilio-seen-", 0).factory();
        return new DeletionBrake(
                new Parts(
                        metadata,
                        new SeenFiles(files, threads, around.time()),
                        new HighWaterMark(),
                        around.random(),
                        around.listener()),
                how);
    }

    /** Nothing is read before the first question. */
    public DeletionBrake(Parts parts, BrakeSettings settings) {
        this.records = new BrakeRecords(parts.metadata());
        this.parts = parts;
        this.files = parts.files();
        this.mark = parts.mark();
        this.settings = settings;
    }

    /** How far the metadata are known to have been: raised by what other nodes have seen. */
    public HighWaterMark mark() {
        return mark;
    }

    /**
     * Looks at the metadata for the first time. From its return it is remembered that there are
     * some, even if nothing is ever deleted.
     *
     * @throws MetadataUnavailableException when they do not answer
     */
    public void begin() {
        looking.lock();
        try {
            look();
        } finally {
            looking.unlock();
        }
    }

    /**
     * Looks at the metadata, and has every directory that does not know yet remember how far they
     * are. Waits for disks, though not for one that hangs, and keeps nobody else from looking
     * meanwhile.
     *
     * @throws MetadataUnavailableException when they do not answer
     */
    public void remember() {
        begin();
        store();
    }

    /**
     * As {@link #remember}, by a process that has added data: counts a beat in the metadata, unless
     * another process has counted one since this one asked last, or the brake is engaged. Then it
     * is to be asked again.
     *
     * @return whether it was counted
     * @throws MetadataUnavailableException when they do not answer, or it is not known whether it
     *     was counted
     */
    public boolean beat() {
        boolean counted = lookAndCount();
        store(); // metadata first: what is remembered is never ahead of them
        return counted;
    }

    private boolean lookAndCount() {
        looking.lock();
        try {
            look();
            return countBeat();
        } finally {
            looking.unlock();
        }
    }

    private boolean countBeat() {
        Seen seen = highest;
        if (engaged != null || seen == null) {
            return false;
        }
        long beats = seen.progress().beats();
        if (beats > beatsAtLastAsked) {
            beatsAtLastAsked = beats;
            return false;
        }
        Picture now = records.read();
        if (now.progress().isBehind(seen.progress()) || now.engaged().isPresent()) {
            return false;
        }
        Optional<Progress> counted = records.beat(now);
        if (counted.isEmpty()) {
            return false;
        }
        mark.raise(counted.get());
        highest = seen.at(counted.get());
        beatsAtLastAsked = counted.get().beats();
        return true;
    }

    /**
     * Looks at the metadata. Called before each batch of deletions.
     *
     * @throws BrakeEngagedException when nothing may be deleted
     * @throws MetadataUnavailableException when it cannot be told
     */
    public void check() {
        looking.lock();
        try {
            checkAlone();
        } finally {
            looking.unlock();
        }
    }

    private void checkAlone() {
        look();
        if (engaged != null) {
            throw new BrakeEngagedException(engaged.reason());
        }
    }

    /** Why nothing may be deleted; empty when it may. Looks at the metadata. */
    public Optional<String> reason() {
        looking.lock();
        try {
            return reasonAlone();
        } finally {
            looking.unlock();
        }
    }

    private Optional<String> reasonAlone() {
        look();
        return engagement().map(Engagement::reason);
    }

    /** Why nothing may be deleted, as of the last look. Never blocks. */
    public Optional<Engagement> engagement() {
        return Optional.ofNullable(engaged);
    }

    /**
     * The highest revision that was seen before older metadata were acknowledged, as of the last
     * look; 0 when that never was. A session that was opened after the picture of the sessions that
     * is looked at, and at most at this revision, was opened before the metadata went back, if what
     * it has written was known before that picture: see {@link
     * io.lilio.metadata.session.Marks#ended(long, long, long)}. Never blocks.
     */
    public long givenUp() {
        return givenUp;
    }

    /**
     * Judges a collection before it deletes. What was acknowledged of an earlier one is used up by
     * the first that needs it, on whatever node; one that could not delete all of it gives it back.
     *
     * @param orphaned blobs that it would delete
     * @param suspected blobs that it looked at
     * @return blobs that it may delete because that was acknowledged; 0 when it needs none of that
     * @throws BrakeEngagedException when that is too large a share
     */
    public long checkShare(long orphaned, long suspected) {
        looking.lock();
        try {
            return checkShareAlone(orphaned, suspected);
        } finally {
            looking.unlock();
        }
    }

    private long checkShareAlone(long orphaned, long suspected) {
        boolean small =
                orphaned <= settings.alwaysAllowed() || orphaned <= settings.maxShare() * suspected;
        while (true) {
            checkAlone();
            if (small) {
                return 0;
            }
            Picture now = records.read();
            if (now.engaged().isPresent()) {
                continue; // since the look, for a reason of its own: it is not to be written over
            }
            long accepted = now.stored().map(BrakeRecords.Stored::accepted).orElse(0L);
            if (orphaned > accepted) {
                engage(
                        ("a collection run would delete %d of %d blobs, which is more than its"
                                        + " share: see that this is meant, then acknowledge it")
                                .formatted(orphaned, suspected),
                        orphaned);
            } else if (records.accept(now, 0)) {
                return accepted;
            }
        }
    }

    /**
     * A collection has left work behind, as when a member did not answer: the next may delete what
     * it was allowed to, without asking for the same blobs again. Where something else was said
     * meanwhile, that stands.
     *
     * @param accepted what {@link #checkShare} returned
     * @throws MetadataUnavailableException when they do not answer, or it is not known whether it
     *     was given back
     */
    public void giveBack(long accepted) {
        looking.lock();
        try {
            boolean done = false;
            while (!done) {
                Picture now = records.read();
                boolean said =
                        now.engaged().isPresent()
                                || now.stored().filter(each -> each.accepted() > 0).isPresent();
                done = said || records.accept(now, accepted);
            }
        } finally {
            looking.unlock();
        }
    }

    /**
     * An administrator says that one engagement was looked into, and that the metadata are right as
     * they are: every node that remembers something else forgets it. If a collection was stopped,
     * the next may delete as many blobs, and the few more that any may. It is remembered in at
     * least one directory before this returns, or it is logged that no directory took it.
     *
     * @param token of the engagement that is meant
     * @return whether the brake was engaged under that token; if not, nothing has changed
     * @throws BrakeEngagedException when the metadata are gone or another cluster's: nothing is
     *     right about that
     * @throws MetadataUnavailableException when they do not answer, or it is not known whether the
     *     brake was released
     */
    public boolean acknowledge(String token) {
        looking.lock();
        try {
            return acknowledgeAlone(token);
        } finally {
            looking.unlock();
        }
    }

    private boolean acknowledgeAlone(String token) {
        look();
        Engagement meant = engaged;
        if (meant == null || !meant.token().equals(token)) {
            return false;
        }
        Picture now = records.read();
        UUID id = own(now);
        long accepted = meant.orphaned() == 0 ? 0 : meant.orphaned() + settings.alwaysAllowed();
        long times = now.progress().acknowledged();
        Optional<Progress> released =
                records.release(now, Math.max(times, known()) + 1, accepted, mark.get().revision());
        if (released.isEmpty()) {
            return acknowledge(token); // somebody else said something meanwhile
        }
        log.warn("the deletion brake is released: {}", meant.reason());
        accept(id, released.get());
        Seen remembered = new Seen(id, released.get(), Optional.empty());
        if (!files.isStored(remembered)) {
            log.error(
                    "that the deletion brake was released could not be written to any of {}: after"
                            + " a restart it may be engaged again",
                    files);
        }
        return true;
    }

    /** The cluster's identity, when the metadata are the right ones. */
    private UUID own(Picture now) {
        UUID id = now.cluster().orElseThrow(() -> new BrakeEngagedException(EMPTY));
        Seen before = highest;
        if (before != null && !before.cluster().equals(id)) {
            throw new BrakeEngagedException(foreign(id, before));
        }
        return id;
    }

    private static final String EMPTY =
            "the metadata are empty, which cannot be acknowledged: put them back from a snapshot";

    private static String foreign(UUID found, Seen before) {
        return ("the metadata belong to cluster %s, and %s was seen before, which cannot be"
                        + " acknowledged: put the right ones back")
                .formatted(found, before.cluster());
    }

    /** How often the brake was acknowledged, as far as is known here. */
    private long known() {
        return mark.get().acknowledged();
    }

    private void look() {
        if (!loaded) {
            recall();
            loaded = true;
        }
        Progress floor = mark.get(); // before the question
        Picture now = records.read();
        Seen before = highest;
        if (now.cluster().isEmpty()) {
            if (before != null) {
                engage(EMPTY, 0);
            }
            return;
        }
        UUID id = now.cluster().get();
        if (before != null && !id.equals(before.cluster())) {
            engage(foreign(id, before), 0);
            return;
        }
        givenUp = now.givenUp();
        Progress is = now.progress();
        if (is.isBehind(floor)) {
            if (before == null) {
                highest = new Seen(id, floor, Optional.empty()); // by others
            }
            engage(older(is, floor), 0);
            share(now);
            return;
        }
        if (before == null) {
            mark.raise(is);
            Seen first = new Seen(id, is, Optional.empty());
            highest = engagement().map(first::engaged).orElse(first);
            store();
        } else if (is.acknowledged() > before.progress().acknowledged()) {
            accept(id, is);
        } else {
            mark.raise(is);
            highest = before.at(is);
        }
        share(now);
    }

    private static String older(Progress is, Progress seen) {
        boolean raised =
                is.acknowledged() == seen.acknowledged() && is.revision() >= seen.revision();
        String found =
                raised
                        ? ("the metadata have counted %d beats, and %d were seen before: they are"
                                        + " older ones that were put back with raised revisions")
                                .formatted(is.beats(), seen.beats())
                        : "the metadata are at revision %d, and %d was seen before"
                                .formatted(is.revision(), seen.revision());
        return found + ": put the newer ones back, or acknowledge that they are lost";
    }

    /** The metadata are right as they are: an administrator said so, here or at another node. */
    private void accept(UUID id, Progress is) {
        mark.raise(is);
        engaged = null;
        highest = new Seen(id, is, Optional.empty());
        store();
        parts.listener().brake("");
    }

    /**
     * Takes over what another node has engaged, or has the others know what is engaged here. What
     * stands in older metadata may have been acknowledged since: that is replaced.
     */
    private void share(Picture now) {
        boolean valid = now.progress().acknowledged() >= known();
        Engagement own = engaged;
        if (valid && now.engaged().isPresent()) {
            Engagement shared = now.engaged().get();
            if (own == null || !own.token().equals(shared.token())) {
                engageAs(shared);
            }
        } else if (own != null) {
            try {
                records.engage(now, known(), own);
            } catch (MetadataUnavailableException e) {
                log.debug("others are told later that the deletion brake is engaged", e);
            }
        }
    }

    private void recall() {
        SeenFiles.Recalled recalled = files.recall();
        recalled.seen()
                .ifPresent(
                        seen -> {
                            highest = seen;
                            mark.raise(seen.progress());
                            seen.engaged().ifPresent(this::engaged);
                            store(); // those that were away, behind or damaged
                        });
        recalled.trouble().ifPresent(trouble -> engage(trouble, 0));
    }

    private void engage(String reason, long orphaned) {
        if (engaged == null) {
            String token = Engagement.token(parts.random().nextInt());
            engageAs(new Engagement(token, reason, orphaned));
        }
    }

    private void engageAs(Engagement why) {
        engaged(why);
        Seen seen = highest;
        if (seen != null) {
            highest = seen.engaged(why);
            store();
        }
    }

    private void engaged(Engagement why) {
        engaged = why;
        log.error(
                "the deletion brake is engaged, nothing is deleted any more: {}; once that is"
                        + " understood, acknowledge it as {}",
                why.reason(),
                why.token());
        parts.listener().brake(why.reason());
    }

    /** Whoever comes last has the newest written, so nothing older replaces it. */
    private void store() {
        CompletableFuture<Void> begun;
        synchronized (storing) {
            Seen newest = highest;
            if (newest == null) {
                return;
            }
            begun = files.begin(newest);
        }
        files.await(begun);
    }
}
