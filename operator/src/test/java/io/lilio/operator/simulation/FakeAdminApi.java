package io.lilio.operator.simulation;

import io.lilio.admin.api.BrakeAcknowledgement;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NodeStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import java.util.List;
import java.util.UUID;

/**
 * The admin API of a cluster in memory, as far as LilioBuckets need it: buckets and access keys,
 * and whether the metadata are to be trusted. There is no ring. Not thread-safe.
 */
public final class FakeAdminApi implements AdminApi {

    private final AdminFaults faults = new AdminFaults();
    private final FakeBuckets buckets = new FakeBuckets(faults);
    private final FakeKeys keys = new FakeKeys(faults);
    private final UUID id;
    private boolean braked;

    public FakeAdminApi(UUID id) {
        this.id = id;
    }

    public AdminFaults faults() {
        return faults;
    }

    /** Whether the deletion brake is engaged; it is not at first. */
    public void setBraked(boolean braked) {
        this.braked = braked;
    }

    @Override
    public FakeBuckets buckets() {
        return buckets;
    }

    @Override
    public FakeKeys keys() {
        return keys;
    }

    @Override
    public ClusterApi cluster() {
        return new ClusterApi() {
            @Override
            public ClusterStatus cluster() {
                faults.reading();
                return new ClusterStatus(
                        id,
                        "demo-0",
                        "1.0.0",
                        1,
                        new ClusterStatus.Metadata("memory", true, null, 1L));
            }

            @Override
            public List<NodeStatus> nodes() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<MemberStatus> members() {
                throw new UnsupportedOperationException();
            }

            @Override
            public BrakeStatus brake() {
                faults.reading();
                return new BrakeStatus(braked, braked ? "metadata are empty" : null, null, null);
            }

            @Override
            public BrakeStatus acknowledge(BrakeAcknowledgement acknowledgement) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public ClusterApi clusterSeenBy(int node) {
        return cluster();
    }

    @Override
    public RingApi ring() {
        throw new UnsupportedOperationException();
    }

    @Override
    public OperationsApi operations() {
        throw new UnsupportedOperationException();
    }
}
