package io.lilio.server.bootstrap;

import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.local.BackendLabel;
import io.lilio.chunk.backend.local.DataDirectory;
import io.lilio.chunk.backend.local.Durability;
import io.lilio.chunk.backend.local.LocalChunkStore;
import io.lilio.chunk.backend.local.LocalChunkStoreSettings;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.engine.Backend;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends of this process, opened and identified. A directory says by its label who it is; one
 * of a name that the cluster does not know gets an identity of its own, and so does one whose
 * member was removed from the cluster, once it is erased. A directory that is empty although the
 * cluster knows a backend of its name is a mount that failed (DESIGN §7): the process does not
 * start with it, unless its disk is known to be gone. Alone, a setting says so, and the backend is
 * filled again. In a cluster the member has to be marked lost, and a new one takes its place: what
 * others moved or looked up meanwhile may have counted on what the old one held. For the same
 * reason a directory that is emptied while the process runs stays failed there, and is taken up
 * again alone.
 *
 * <p>A directory that cannot be opened at all is awaited, as long as the cluster exists: its
 * backend begins as failed, and is well when the directory is there; the others serve without it.
 */
final class OpenBackends implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenBackends.class);

    private final NodeSettings settings;
    private final LocalRuntime runtime;
    private final LostMetadata lost;
    private final Optional<Ring> ring;
    private final UUID cluster;
    private final List<Backend> backends = new ArrayList<>();
    private boolean refill;

    /**
     * Opens all of them, or none.
     *
     * @param known the cluster as the metadata know it
     * @throws InvalidSettingException with a sentence about the first that cannot be used
     */
    OpenBackends(NodeSettings settings, LocalRuntime runtime, RingStore known) {
        this.settings = settings;
        this.runtime = runtime;
        this.lost = new LostMetadata(settings);
        this.ring = known.load().map(RingView::ring);
        if (ring.isEmpty()) {
            lost.refuseToFoundNew();
        }
        List<Opened> opened = new ArrayList<>();
        try {
            Optional<UUID> id = known.clusterId();
            openDirectories(opened, id);
            this.cluster =
                    known.identify(id.or(() -> labelled(opened)).orElseGet(this::newIdentity));
            for (Opened each : opened) {
                backends.add(backend(each));
            }
            refuseForgottenCluster();
        } catch (RuntimeException failed) {
            close();
            opened.forEach(Opened::closeUnused);
            throw failed;
        }
    }

    /** A backend that was configured, and its directory unless it is in memory. */
    private static final class Opened {
        private final NodeSettings.Backend settings;
        private final Optional<DataDirectory> directory;
        private boolean used;

        Opened(NodeSettings.Backend settings, Optional<DataDirectory> directory) {
            this.settings = settings;
            this.directory = directory;
        }

        void closeUnused() {
            if (!used) {
                directory.ifPresent(DataDirectory::close);
            }
        }
    }

    private void openDirectories(List<Opened> opened, Optional<UUID> id) {
        for (NodeSettings.Backend each : settings.storage().backends()) {
            switch (each.place()) {
                case Place.InMemory memory -> opened.add(new Opened(each, Optional.empty()));
                case Place.Directory(Path path) ->
                        opened.add(new Opened(each, Optional.of(openOrAwait(each, path, id))));
            }
        }
    }

    private DataDirectory openOrAwait(NodeSettings.Backend backend, Path path, Optional<UUID> id) {
        try {
            return DataDirectory.open(path);
        } catch (BackendException unwell) {
            Optional<Member> known = known(backend);
            if (id.isEmpty() || known.isEmpty()) {
                throw new InvalidSettingException(unwell.getMessage() + ".");
            }
            LOG.warn("Backend {} begins as failed: {}", backend.name(), unwell.getMessage());
            UUID member = known.get().id().value();
            return DataDirectory.awaited(
                    path, new BackendLabel(id.get(), member, backend.name(), settings.nodeName()));
        }
    }

    /** The member of this name, unless the cluster knows that it is gone. */
    private Optional<Member> known(NodeSettings.Backend backend) {
        return ring.stream()
                .flatMap(known -> known.members().stream())
                .filter(each -> each.node().equals(settings.nodeName()))
                .filter(each -> each.name().equals(backend.name()))
                .filter(each -> !each.state().gone())
                .findFirst();
    }

    private static Optional<UUID> labelled(List<Opened> opened) {
        return opened.stream()
                .flatMap(each -> each.directory.stream())
                .flatMap(directory -> directory.label().stream())
                .map(BackendLabel::cluster)
                .findFirst();
    }

    private Backend backend(Opened opened) {
        NodeSettings.Backend backend = opened.settings;
        if (opened.directory.isEmpty()) {
            opened.used = true;
            return new Backend(
                    new MemberId(newIdentity()),
                    backend.name(),
                    backend.zone(),
                    backend.weight(),
                    memory(backend));
        }
        DataDirectory directory = opened.directory.get();
        directory.label().ifPresent(label -> requireOwn(label, backend, directory));
        eraseIfRemoved(backend, directory);
        BackendLabel label = directory.label().orElseGet(() -> identify(backend, directory));
        ChunkStore store = open(backend, directory);
        opened.used = true;
        return new Backend(
                new MemberId(label.member()),
                backend.name(),
                backend.zone(),
                backend.weight(),
                store);
    }

    private ChunkStore open(NodeSettings.Backend backend, DataDirectory directory) {
        LocalChunkStoreSettings how =
                LocalChunkStoreSettings.defaults(partitions())
                        .withDurability(
                                settings.storage().objects().relaxed()
                                        ? Durability.RELAXED
                                        : Durability.FULL)
                        .withDirectWrites(settings.storage().objects().directWrites())
                        .withAdoptEmptied(!settings.cluster().shared());
        try {
            return LocalChunkStore.open(directory, how, runtime);
        } catch (BackendException otherPartitions) {
            if (ring.isEmpty()) {
                throw lost.because("backend " + backend.name() + " holds chunks");
            }
            throw new InvalidSettingException(otherPartitions.getMessage() + ".");
        }
    }

    /** A directory without a label becomes a member when it may. */
    private BackendLabel identify(NodeSettings.Backend backend, DataDirectory directory) {
        UUID member = newIdentity();
        Optional<Member> known = known(backend);
        if (known.isPresent()) {
            requireReplaced(backend, directory, known.get());
            LOG.warn("Backend {} begins anew, empty; repair fills it", backend.name());
            member = known.get().id().value();
            refill = true;
        }
        if (!directory.isEmpty()) {
            throw new InvalidSettingException(
                    "The directory of backend %s, %s, holds chunks but has lost the file that says whose."
                            .formatted(backend.name(), directory.root()));
        }
        BackendLabel label = new BackendLabel(cluster, member, backend.name(), settings.nodeName());
        if (known.isPresent()) {
            directory.writeLabelOfRefilled(label, runtime.random());
        } else {
            directory.writeLabel(label);
        }
        return label;
    }

    private void requireReplaced(
            NodeSettings.Backend backend, DataDirectory directory, Member known) {
        boolean shared = settings.cluster().shared();
        if (!shared && backend.adoptEmpty()) {
            return;
        }
        throw new InvalidSettingException(
                ("The directory of backend %s, %s, is empty although it held chunks before: if its"
                                + " disk is not mounted, mount it; if it was replaced, %s.")
                        .formatted(
                                backend.name(),
                                directory.root(),
                                shared
                                        ? "mark member %s lost and start again: the backend joins as"
                                                        .formatted(known.id())
                                                + " a new member, which can replace that one"
                                        : "set adopt-empty: true for this backend to have it filled"
                                                + " again"));
    }

    private void requireOwn(
            BackendLabel label, NodeSettings.Backend backend, DataDirectory directory) {
        if (!label.cluster().equals(cluster)) {
            throw new InvalidSettingException(
                    "The directory of backend %s, %s, belongs to cluster %s, but this is cluster %s."
                            .formatted(backend.name(), directory.root(), label.cluster(), cluster));
        }
        if (!label.node().equals(settings.nodeName())) {
            throw new InvalidSettingException(
                    "The directory of backend %s, %s, belongs to node %s, but this is node %s."
                            .formatted(
                                    backend.name(),
                                    directory.root(),
                                    label.node(),
                                    settings.nodeName()));
        }
        for (Backend other : backends) {
            if (other.id().value().equals(label.member())) {
                throw new InvalidSettingException(
                        "The directory of backend %s, %s, is a copy of that of backend %s."
                                .formatted(backend.name(), directory.root(), other.name()));
            }
        }
    }

    /** What was drained is nobody's any more, and its identity is never used again (DESIGN §5). */
    private void eraseIfRemoved(NodeSettings.Backend backend, DataDirectory directory) {
        boolean removed =
                directory
                        .label()
                        .flatMap(label -> ring.flatMap(r -> r.member(new MemberId(label.member()))))
                        .filter(member -> member.state() == MemberState.REMOVED)
                        .isPresent();
        if (removed) {
            LOG.warn(
                    "Backend {} was removed from the cluster: its directory is erased, and it"
                            + " begins anew",
                    backend.name());
            directory.erase();
        }
    }

    /** Chunks prove too that there were metadata. */
    private void refuseForgottenCluster() {
        if (ring.isPresent()) {
            return;
        }
        for (Backend backend : backends) {
            if (backend.store().usage().chunks() > 0) {
                throw lost.because("backend " + backend.name() + " holds chunks");
            }
        }
    }

    private ChunkStore memory(NodeSettings.Backend backend) {
        long capacity = ((Place.InMemory) backend.place()).capacityBytes();
        return new MemoryChunkStore(
                new MemoryChunkStoreSettings(backend.name(), partitions(), capacity >> 20 << 20),
                runtime.time());
    }

    /** Chunks are indexed by partition; where no cluster is known yet, by those of the settings. */
    private int partitions() {
        return ring.map(Ring::partitions)
                .orElse(settings.storage().founding().partitioning().partitions());
    }

    /**
     * Others may have founded the cluster meanwhile, with other numbers. The backends are empty
     * then, and indexed anew at the next start, which knows them.
     *
     * @throws InvalidSettingException when they hold an index by other partitions than the ring's
     */
    void requireIndexedFor(Ring founded) {
        if (!backends.isEmpty() && partitions() != founded.partitions()) {
            throw new InvalidSettingException(
                    ("The cluster was founded with %d partitions just now, but"
                                    + " lilio.ring.partitions is %d here: start again, and set the same on all"
                                    + " nodes.")
                            .formatted(founded.partitions(), partitions()));
        }
    }

    private UUID newIdentity() {
        // The bits of version and variant are not worth keeping: it is random all the same.
        return new UUID(runtime.random().nextLong(), runtime.random().nextLong());
    }

    /** The cluster that they belong to. */
    UUID cluster() {
        return cluster;
    }

    List<Backend> list() {
        return backends;
    }

    /**
     * Whether one of them has to be filled: it began anew just now, or at an earlier start that
     * came to nothing, so that it holds nothing while others do.
     */
    boolean refill() {
        return refill
                || !settings.cluster().shared()
                        && backends.stream().anyMatch(OpenBackends::isEmpty)
                        && !backends.stream().allMatch(OpenBackends::isEmpty);
    }

    private static boolean isEmpty(Backend backend) {
        return backend.store().usage().chunks() == 0;
    }

    @Override
    public void close() {
        for (Backend backend : backends.reversed()) {
            backend.store().close();
        }
    }
}
