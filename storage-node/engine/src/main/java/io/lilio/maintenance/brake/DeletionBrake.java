package io.lilio.maintenance.brake;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Stops all deletion of chunks when the metadata are empty, foreign or older than what this node or
 * one of its backends has seen before, or when a collection would delete too much at once (DESIGN
 * §6). Once engaged it stays so, also over a restart, until an administrator acknowledges exactly
 * this engagement by its token. Thread-safe.
 */
public final class DeletionBrake {

    private static final Logger log = LoggerFactory.getLogger(DeletionBrake.class);

    private final RingStore cluster;
    private final Parts parts;
    private final SeenFiles files;
    private final BrakeSettings settings;

    private volatile @Nullable Seen highest;
    private volatile @Nullable Engagement engaged;
    private boolean loaded;
    private final ReentrantLock looking = new ReentrantLock();
    private final Object storing = new Object();

    /**
     * What the brake asks about, where it remembers, whom it tells.
     *
     * @param random makes tokens
     */
    public record Parts(
            MetadataStore metadata,
            SeenFiles files,
            RandomGenerator random,
            MaintenanceListener listener) {}

    /** Nothing is read before the first question. */
    public DeletionBrake(Parts parts, BrakeSettings settings) {
        this.cluster = new RingStore(parts.metadata());
        this.parts = parts;
        this.files = parts.files();
        this.settings = settings;
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
     * Judges a collection before it deletes. What was acknowledged of an earlier one is used up by
     * the first that needs it.
     *
     * @param orphaned blobs that it would delete
     * @param suspected blobs that it looked at
     * @throws BrakeEngagedException when that is too large a share
     */
    public void checkShare(long orphaned, long suspected) {
        looking.lock();
        try {
            checkShareAlone(orphaned, suspected);
        } finally {
            looking.unlock();
        }
    }

    private void checkShareAlone(long orphaned, long suspected) {
        checkAlone();
        if (orphaned <= settings.alwaysAllowed() || orphaned <= settings.maxShare() * suspected) {
            return;
        }
        Seen seen = highest;
        if (seen != null && orphaned <= seen.acknowledged().orphaned()) {
            highest = seen.acknowledged(seen.acknowledged().usedUp());
            store();
            return;
        }
        engage(
                "a collection run would delete %d of %d blobs, which is more than its share"
                        .formatted(orphaned, suspected),
                orphaned);
        checkAlone();
    }

    /**
     * An administrator says that one engagement was looked into, and that the metadata are right as
     * they are: what was remembered is replaced by what they are now, in at least one directory
     * before this returns, or it is logged that no directory took it. If a collection was stopped,
     * the next may delete as many blobs, and the few more that any may.
     *
     * @param token of the engagement that is meant
     * @return whether the brake was engaged under that token; if not, nothing has changed
     * @throws IllegalStateException when the metadata hold no cluster
     * @throws MetadataUnavailableException when they do not answer
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
        UUID id =
                cluster.clusterId()
                        .orElseThrow(
                                () -> new IllegalStateException("the metadata hold no cluster"));
        log.warn("the deletion brake is released: {}", meant.reason());
        long accepted = meant.orphaned() == 0 ? 0 : meant.orphaned() + settings.alwaysAllowed();
        Seen before = highest;
        Seen first = Seen.first(id, parts.metadata().revision());
        Seen now =
                first.acknowledged(
                        (before == null ? first : before).acknowledged().again(accepted));
        engaged = null;
        highest = now;
        store();
        if (!files.isStored(now)) {
            log.error(
                    "that the deletion brake was released could not be written to any of {}: after"
                            + " a restart it may be engaged again",
                    files);
        }
        parts.listener().brake("");
        return true;
    }

    private void look() {
        if (!loaded) {
            recall();
            loaded = true;
        }
        Optional<UUID> id = cluster.clusterId();
        long revision = parts.metadata().revision();
        Seen before = highest;
        if (before == null) {
            if (id.isPresent()) {
                Seen first = Seen.first(id.get(), revision);
                highest = engagement().map(first::engaged).orElse(first);
                store();
            }
            return;
        }
        if (id.isEmpty()) {
            engage(
                    "the metadata are empty, and cluster %s was seen before"
                            .formatted(before.cluster()),
                    0);
        } else if (!id.get().equals(before.cluster())) {
            engage(
                    "the metadata belong to cluster %s, and %s was seen before"
                            .formatted(id.get(), before.cluster()),
                    0);
        } else if (revision < before.revision()) {
            engage(
                    "the metadata are at revision %d, and %d was seen before"
                            .formatted(revision, before.revision()),
                    0);
        } else if (engaged == null && revision > before.revision()) {
            highest = before.at(revision);
        }
    }

    private void recall() {
        SeenFiles.Recalled recalled = files.recall();
        recalled.seen()
                .ifPresent(
                        seen -> {
                            highest = seen;
                            seen.engaged().ifPresent(this::engaged);
                            store(); // those that were away, behind or damaged
                        });
        recalled.trouble().ifPresent(trouble -> engage(trouble, 0));
    }

    private void engage(String reason, long orphaned) {
        if (engaged != null) {
            return;
        }
        String token = Engagement.token(parts.random().nextInt());
        Engagement why = new Engagement(token, reason, orphaned);
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
