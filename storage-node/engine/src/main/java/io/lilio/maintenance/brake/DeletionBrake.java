package io.lilio.maintenance.brake;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops all deletion of chunks when the metadata are empty, foreign or older than what this node or
 * one of its backends has seen before, or when a collection would delete too much at once (DESIGN
 * §6). Once engaged it stays so, also over a restart, until an administrator acknowledges.
 * Thread-safe.
 */
public final class DeletionBrake {

    private static final Logger log = LoggerFactory.getLogger(DeletionBrake.class);

    private final RingStore cluster;
    private final MetadataStore metadata;
    private final List<SeenFile> files;
    private final BrakeSettings settings;
    private final Time time;
    private final MaintenanceListener listener;

    private volatile @Nullable Seen highest;
    private @Nullable String engaged;
    private boolean loaded;
    private long rememberAtNanos;
    private final AtomicBoolean remembering = new AtomicBoolean();
    private final ReentrantLock storing = new ReentrantLock();

    /** What the brake asks about, where it remembers, whom it tells. */
    public record Parts(
            MetadataStore metadata, List<SeenFile> files, Time time, MaintenanceListener listener) {

        public Parts {
            files = List.copyOf(files);
        }
    }

    /** Nothing is read before the first question. */
    public DeletionBrake(Parts parts, BrakeSettings settings) {
        this.cluster = new RingStore(parts.metadata());
        this.metadata = parts.metadata();
        this.files = parts.files();
        this.settings = settings;
        this.time = parts.time();
        this.listener = parts.listener();
        this.rememberAtNanos = time.nanos();
    }

    /**
     * Looks at the metadata. Called before each batch of deletions.
     *
     * @throws BrakeEngagedException when nothing may be deleted
     * @throws MetadataUnavailableException when it cannot be told
     */
    public synchronized void check() {
        look();
        if (engaged != null) {
            throw new BrakeEngagedException(engaged);
        }
    }

    /** Why nothing may be deleted; empty when it may. Looks at the metadata. */
    public synchronized Optional<String> reason() {
        look();
        return Optional.ofNullable(engaged);
    }

    /**
     * Judges a collection before it deletes.
     *
     * @param orphaned blobs that it would delete
     * @param suspected blobs that it looked at
     * @throws BrakeEngagedException when that is too large a share
     */
    public synchronized void checkShare(long orphaned, long suspected) {
        if (orphaned > settings.alwaysAllowed() && orphaned > settings.maxShare() * suspected) {
            engage(
                    "a collection run would delete %d of %d blobs, which is more than its share"
                            .formatted(orphaned, suspected));
        }
        check();
    }

    /**
     * An administrator says that the metadata are right as they are: what was remembered is
     * replaced by what they are now.
     *
     * @throws IllegalStateException when they hold no cluster
     * @throws MetadataUnavailableException when they do not answer
     */
    public synchronized void acknowledge() {
        UUID id =
                cluster.clusterId()
                        .orElseThrow(
                                () -> new IllegalStateException("the metadata hold no cluster"));
        log.warn("the deletion brake is released: {}", engaged);
        engaged = null;
        loaded = true;
        highest = new Seen(id, metadata.revision(), Optional.empty());
        remember();
        listener.brake("");
    }

    private void look() {
        if (!loaded) {
            load();
            loaded = true;
        }
        Optional<UUID> id = cluster.clusterId();
        long revision = metadata.revision();
        Seen before = highest;
        if (before == null) {
            if (id.isPresent()) {
                highest = new Seen(id.get(), revision, Optional.ofNullable(engaged));
                remember();
            }
            return;
        }
        if (id.isEmpty()) {
            engage(
                    "the metadata are empty, and cluster %s was seen before"
                            .formatted(before.cluster()));
        } else if (!id.get().equals(before.cluster())) {
            engage(
                    "the metadata belong to cluster %s, and %s was seen before"
                            .formatted(id.get(), before.cluster()));
        } else if (revision < before.revision()) {
            engage(
                    "the metadata are at revision %d, and %d was seen before"
                            .formatted(revision, before.revision()));
        } else if (engaged == null && revision > before.revision()) {
            highest = new Seen(before.cluster(), revision, Optional.empty());
            rememberSoon();
        }
    }

    private void load() {
        for (SeenFile file : files) {
            try {
                file.load().ifPresent(this::merge);
            } catch (UncheckedIOException e) {
                log.error("cannot tell which metadata were seen before", e);
                engage("what was remembered in %s cannot be read".formatted(file));
            }
        }
    }

    private void merge(Seen seen) {
        if (seen.engaged().isPresent() && engaged == null) {
            engage(seen.engaged().get());
        }
        if (highest != null && !highest.cluster().equals(seen.cluster())) {
            engage(
                    "this node's directories remember clusters %s and %s"
                            .formatted(highest.cluster(), seen.cluster()));
        } else if (highest == null || seen.revision() > highest.revision()) {
            highest = seen;
        }
    }

    private void engage(String reason) {
        if (engaged != null) {
            return;
        }
        engaged = reason;
        log.error("the deletion brake is engaged, nothing is deleted any more: {}", reason);
        listener.brake(reason);
        if (highest != null) {
            highest = new Seen(highest.cluster(), highest.revision(), Optional.of(reason));
            remember();
        }
    }

    /** In the background, so that a directory on a hanging disk holds up nothing else. */
    private void rememberSoon() {
        if (time.nanos() - rememberAtNanos >= 0 && remembering.compareAndSet(false, true)) {
            rememberAtNanos = time.nanos() + settings.remember().toNanos();
            time.schedule(
                    Duration.ZERO,
                    () -> {
                        try {
                            store();
                        } finally {
                            remembering.set(false);
                        }
                    });
        }
    }

    private void remember() {
        rememberAtNanos = time.nanos() + settings.remember().toNanos();
        store();
    }

    /** Whoever comes last writes the newest, so nothing older replaces it. */
    private void store() {
        storing.lock();
        try {
            Seen seen = Objects.requireNonNull(highest);
            for (SeenFile file : files) {
                store(seen, file);
            }
        } finally {
            storing.unlock();
        }
    }

    private static void store(Seen seen, SeenFile file) {
        try {
            file.store(seen);
        } catch (UncheckedIOException e) {
            // The other directories remember it; a backend that is away must not stop the rest.
            log.warn("could not remember the metadata's revision in {}: {}", file, e.getMessage());
        }
    }
}
