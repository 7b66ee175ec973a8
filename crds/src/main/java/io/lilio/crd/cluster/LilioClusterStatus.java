package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import io.lilio.crd.Condition;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator has seen of the cluster.
 *
 * @param observedGeneration the {@code metadata.generation} that the operator has acted on last
 * @param clusterId the cluster's identity, for ever; recorded when it is founded
 * @param ringEpoch version of the placement of data: it rises with each change of the ring
 * @param replicas storage pods that there are
 * @param readyReplicas those of them that are ready
 * @param selector labels that select them, as text; for the scale subresource
 * @param version release that all storage nodes run; while an upgrade is under way, the one before
 * @param endpoint where clients inside Kubernetes reach S3
 * @param capacity how much room there is, rounded
 * @param members the members of the ring
 * @param etcdMembers members of the managed etcd that were seen to serve, or are being let in;
 *     empty where it is not managed
 * @param operation what the operator is about; absent when there is nothing
 * @param conditions how the cluster fares, one condition of each type
 */
@ResourcePart
public record LilioClusterStatus(
        @Min(0) @Nullable Long observedGeneration,
        @Size(min = Syntax.UUID_LENGTH, max = Syntax.UUID_LENGTH) @Pattern(Syntax.UUID)
                @Nullable String clusterId,
        @Min(0) @Nullable Long ringEpoch,
        @Min(0) @Max(1_000) @StatusReplicas @Nullable Integer replicas,
        @Min(0) @Max(1_000) @Nullable Integer readyReplicas,
        @Size(max = 1_024) @LabelSelector @Nullable String selector,
        @Size(max = Syntax.TAG_MAX) @Pattern(Syntax.TAG) @Nullable String version,
        @Size(max = Syntax.URL_MAX) @Pattern(Syntax.URL) @Nullable String endpoint,
        @Nullable Capacity capacity,
        @Keyed("id") @Size(max = MAX_MEMBERS) List<ClusterMember> members,
        @Keyed("pod") @Size(max = MAX_ETCD_MEMBERS) List<EtcdMember> etcdMembers,
        @Nullable ClusterOperation operation,
        @Keyed("type") @Size(max = 16) List<Condition> conditions) {

    /** As many members as are told of; a cluster has fewer. */
    public static final int MAX_MEMBERS = 1_024;

    /** As many members as a managed etcd can have. */
    public static final int MAX_ETCD_MEMBERS = 5;

    public LilioClusterStatus {
        members = members == null ? List.of() : List.copyOf(members);
        etcdMembers = etcdMembers == null ? List.of() : List.copyOf(etcdMembers);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The same with other members of etcd. */
    public LilioClusterStatus withEtcdMembers(List<EtcdMember> others) {
        return new LilioClusterStatus(
                observedGeneration,
                clusterId,
                ringEpoch,
                replicas,
                readyReplicas,
                selector,
                version,
                endpoint,
                capacity,
                members,
                others,
                operation,
                conditions);
    }
}
