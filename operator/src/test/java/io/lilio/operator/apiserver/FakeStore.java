package io.lilio.operator.apiserver;

import io.lilio.admin.api.BrakeAcknowledgement;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.KeyPage;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NodeStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.simulation.FakeAdminApi;
import io.lilio.operator.simulation.FakeKeys;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A Lilio cluster in memory: ring, runs, buckets, keys and how much is used. All that is called
 * from outside holds its monitor: the {@link AdminApi} itself is for {@link FakeStorageNodes}.
 */
final class FakeStore implements AdminApi {

    private static final long GIB = 1L << 30;
    private static final long CAPACITY = 100 * GIB;

    /** At an edge of what status rounds it to. */
    private static final long USED = 39 * GIB / 2;

    private final UUID id = UUID.randomUUID();
    private final FakeRing ring = new FakeRing();
    private final FakeRuns runs = new FakeRuns();
    private final FakeAdminApi parts = new FakeAdminApi(id);
    private final KeysApi keys = inOnePage(parts.keys());
    private final Set<String> serving = new HashSet<>();
    private long used = USED;
    private long objects;
    private long bytes;

    /** Pages of two, as the fake has them, would have 500 buckets list keys all the time. */
    private static KeysApi inOnePage(FakeKeys fake) {
        return (KeysApi)
                Proxy.newProxyInstance(
                        KeysApi.class.getClassLoader(),
                        new Class<?>[] {KeysApi.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("list")) {
                                return new KeyPage(fake.all(), null);
                            }
                            try {
                                return method.invoke(fake, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getTargetException();
                            }
                        });
    }

    /** Which pods serve now; those that did not before have started. */
    synchronized void serve(Set<String> pods) {
        pods.stream().filter(pod -> !serving.contains(pod)).sorted().forEach(ring::start);
        serving.retainAll(pods);
        serving.addAll(pods);
    }

    synchronized boolean serves(String pod) {
        return serving.contains(pod);
    }

    /** A Job's pod has carried out a run. */
    synchronized void carriedOut(String run) {
        ring.settle(run);
        runs.succeed(run);
    }

    /** Ring commands that were carried out, by their types, in order. */
    synchronized List<String> commands() {
        return ring.commands();
    }

    synchronized int members(String state) {
        return ring.count(state);
    }

    /**
     * Clients have stored and deleted.
     *
     * @param factor how much there is now, of what there is at first in members and of what {@link
     *     #fill} has put into buckets
     */
    synchronized void use(double factor) {
        used = Math.min((long) (USED * factor), CAPACITY);
        put((long) (objects * factor), (long) (bytes * factor));
    }

    /** What is in each bucket. */
    synchronized void fill(long newObjects, long newBytes) {
        objects = newObjects;
        bytes = newBytes;
        put(objects, bytes);
    }

    private void put(long objectsNow, long bytesNow) {
        for (BucketStatus bucket : parts.buckets().all()) {
            parts.buckets().put(bucket.name(), bucket.owner(), objectsNow, bytesNow);
        }
    }

    /** How many access keys there are. */
    synchronized int keyCount() {
        return parts.keys().all().size();
    }

    /** Names of buckets that there are. */
    synchronized List<String> bucketNames() {
        return parts.buckets().all().stream().map(BucketStatus::name).toList();
    }

    private void requireFounded() {
        if (!ring.isFounded()) {
            throw new AdminApiUnreachableException("the cluster waits for its founders", null);
        }
    }

    @Override
    public RingApi ring() {
        requireFounded();
        return ring;
    }

    @Override
    public OperationsApi operations() {
        requireFounded();
        return runs;
    }

    @Override
    public BucketsApi buckets() {
        requireFounded();
        return parts.buckets();
    }

    @Override
    public KeysApi keys() {
        requireFounded();
        return keys;
    }

    @Override
    public ClusterApi cluster() {
        requireFounded();
        return new Cluster();
    }

    @Override
    public ClusterApi clusterSeenBy(int node) {
        return cluster();
    }

    private final class Cluster implements ClusterApi {

        @Override
        public ClusterStatus cluster() {
            return new ClusterStatus(
                    id, "node", "dev", 1, new ClusterStatus.Metadata("etcd", true, null, 1L));
        }

        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<MemberStatus> members() {
            return ring.members().stream()
                    .filter(member -> !member.state().equals("REMOVED"))
                    .map(this::status)
                    .toList();
        }

        private MemberStatus status(RingMember member) {
            boolean answers = serving.contains(member.node());
            return new MemberStatus(
                    member.id(),
                    member.name(),
                    member.node(),
                    member.state(),
                    false,
                    answers,
                    answers ? new MemberStatus.Health("UP", "", CAPACITY, CAPACITY - used) : null,
                    answers ? new MemberStatus.Usage(1, used, used, 0, null, false) : null,
                    null);
        }

        @Override
        public BrakeStatus brake() {
            return new BrakeStatus(false, null, null, null);
        }

        @Override
        public BrakeStatus acknowledge(@Nullable BrakeAcknowledgement acknowledgement) {
            throw new UnsupportedOperationException();
        }
    }
}
