package io.lilio.operator.simulation;

import io.lilio.admin.api.BrakeAcknowledgement;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NodeStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A Lilio cluster in memory: ring, disks, runs, buckets and keys, and how its members fare. Not
 * thread-safe.
 */
final class SimulatedLilio implements AdminApi, MemberHealth {

    private static final long GIB = 1L << 30;

    /** So long after a node has started some others do not reach it yet. */
    private static final Duration DEAFNESS = Duration.ofSeconds(5);

    final Disks disks = new Disks();
    final SimulatedRing ring;
    final Movement movement;
    final SimulatedRuns runs;
    final FakeAdminApi parts;

    /** Members that run and do not answer. */
    final Set<UUID> silent = new HashSet<>();

    /** Members with chunks that some member may lack, and since when. */
    final Map<UUID, Instant> unconfirmed = new HashMap<>();

    boolean metadataHealthy = true;
    boolean braked;
    boolean room = true;
    private final UUID id;
    private final InstantSource clock;

    /** At an edge of what status rounds it to, whatever the number of members. */
    private long used = 39 * GIB / 2;

    SimulatedLilio(UUID id, InstantSource clock, SimulatedRing.Listener listener) {
        this.id = id;
        this.clock = clock;
        this.ring = new SimulatedRing(this, listener);
        this.movement = new Movement(ring, disks);
        this.runs = new SimulatedRuns(clock);
        this.parts = new FakeAdminApi(id);
    }

    /** Whether any node answers. */
    boolean answers() {
        return ring.isFounded() && disks.anyRunning();
    }

    /** Clients store and delete. */
    void use(long bytes) {
        used += bytes;
    }

    @Override
    public boolean isReachable(UUID member) {
        return disks.isRunning(member) && !silent.contains(member);
    }

    @Override
    public boolean lacksNothing(UUID member) {
        return isReachable(member) && movement.lacksNothing(member);
    }

    @Override
    public boolean hasRoom(UUID member) {
        return room;
    }

    @Override
    public RingApi ring() {
        return ring;
    }

    @Override
    public OperationsApi operations() {
        return runs;
    }

    @Override
    public BucketsApi buckets() {
        return parts.buckets();
    }

    @Override
    public KeysApi keys() {
        return parts.keys();
    }

    @Override
    public ClusterApi cluster() {
        return new Cluster(null);
    }

    @Override
    public ClusterApi clusterSeenBy(int node) {
        Disks.Disk disk =
                disks.runningAt("demo-" + node)
                        .orElseThrow(
                                () ->
                                        new AdminApiUnreachableException(
                                                "demo-" + node + " does not run", null));
        return new Cluster(disk);
    }

    /**
     * Whether each node that runs, but for one, reaches the members of all others but that one, as
     * far as they count: no request waits for one that is JOINING, or has RETURNED.
     */
    boolean allHearEachOtherWithout(String pod) {
        List<Disks.Disk> others =
                disks.all().stream().filter(disk -> disk.running && !disk.pod.equals(pod)).toList();
        return others.stream()
                .filter(this::counts)
                .allMatch(other -> others.stream().allMatch(disk -> hears(disk, other)));
    }

    private boolean counts(Disks.Disk disk) {
        UUID member = disk.member;
        return member != null && List.of("ACTIVE", "DRAINING").contains(ring.state(member));
    }

    private boolean hears(Disks.Disk disk, Disks.Disk other) {
        return disk == other || !clock.instant().isBefore(other.runningSince.plus(DEAFNESS));
    }

    private final class Cluster implements ClusterApi {

        private final Disks.@Nullable Disk by;

        /**
         * @param by who looks; absent for one that reaches all
         */
        Cluster(Disks.@Nullable Disk by) {
            this.by = by;
        }

        private boolean isReached(UUID member) {
            return isReachable(member)
                    && (by == null
                            || disks.of(member).filter(other -> hears(by, other)).isPresent());
        }

        @Override
        public ClusterStatus cluster() {
            return new ClusterStatus(
                    id,
                    "demo-0",
                    "1.2.0",
                    1,
                    new ClusterStatus.Metadata("etcd", metadataHealthy, "away", 1L));
        }

        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<MemberStatus> members() {
            return ring.members().stream()
                    .filter(member -> !member.isIn("REMOVED"))
                    .map(this::status)
                    .toList();
        }

        private MemberStatus status(SimulatedRing.Member member) {
            boolean answers = isReached(member.id());
            Instant since = unconfirmed.get(member.id());
            return new MemberStatus(
                    member.id(),
                    "disk1",
                    member.node(),
                    member.state(),
                    false,
                    answers,
                    answers ? new MemberStatus.Health("UP", "", 100 * GIB, 100 * GIB - used) : null,
                    answers
                            ? new MemberStatus.Usage(
                                    used / GIB,
                                    used,
                                    used,
                                    since == null ? 0 : 1,
                                    since,
                                    !movement.lacksNothing(member.id()))
                            : null,
                    null);
        }

        @Override
        public BrakeStatus brake() {
            return new BrakeStatus(
                    braked, braked ? "metadata are older" : null, braked ? "abcd" : null, null);
        }

        @Override
        public BrakeStatus acknowledge(@Nullable BrakeAcknowledgement acknowledgement) {
            throw new UnsupportedOperationException();
        }
    }
}
