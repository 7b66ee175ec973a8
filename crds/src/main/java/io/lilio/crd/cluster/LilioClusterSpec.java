package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster is to be. Defaults are written into the resource when it is made, so a newer
 * operator finds the old ones; quorums alone stay unset and are derived from the factor.
 *
 * @param version release of the storage nodes: the tag of their image, never {@code latest}. A
 *     change of it is a rolling upgrade, one pod at a time. One that is a number has to be at most
 *     one minor release before or after the operator's: else everything is held
 * @param image where the storage nodes' image is from
 * @param replicas storage nodes, each a pod with volumes of its own. More of them: new nodes join,
 *     and the share that consistent hashing requires moves. Fewer: nodes are drained one at a time,
 *     and their volumes kept. At least {@code replication.factor}
 * @param replication how many copies of the data there are
 * @param ring how data are cut up over the members; fixed when the cluster is made
 * @param storage the volumes of the storage nodes
 * @param metadata where records of objects are kept: exactly one of {@code etcd} and {@code
 *     managed}
 * @param rootCredentialsSecret name of a Secret with the keys {@code accessKey} and {@code
 *     secretKey} of the administrator; it is read, never written. Absent: one is generated, once,
 *     under the cluster's name with {@code -root}
 * @param resources processor and memory of a storage node
 * @param pod how storage pods are marked and where they run
 * @param s3 the Service that clients reach
 * @param jobs the runs of maintenance
 * @param networkPolicy whether NetworkPolicies close every port but S3 to pods that are not the
 *     cluster's or the operator's
 * @param serviceMonitor whether there is a ServiceMonitor for Prometheus, where Kubernetes knows
 *     that kind
 * @param allowedNamespaces namespaces besides the cluster's own whose LilioBuckets may name it
 * @param paused whether the operator leaves everything as it is; clients are served
 * @param deletionPolicy what becomes of the volumes when the resource is deleted: {@code Retain}
 *     keeps them, {@code Delete} deletes them and all objects with them
 */
@ResourcePart
@ValidationRule(
        value = "self.version != 'latest'",
        message =
                "version has to name a release: 'latest' is another one tomorrow, and pods of one"
                        + " cluster would differ")
@ValidationRule(
        value = "self.replication.factor <= self.replicas",
        message =
                "replicas has to be at least replication.factor (3 unless set when the cluster was"
                        + " made): raise replicas, or make a new cluster with a smaller factor")
@ValidationRule(
        value = "self.replication.factor == oldSelf.replication.factor",
        message =
                "replication.factor is fixed when the cluster is made: put the former value back,"
                        + " or make a new cluster and copy the objects")
@ValidationRule(
        value = "self.ring.partitions == oldSelf.ring.partitions",
        message =
                "ring.partitions is fixed when the cluster is made: put the former value back, or"
                        + " make a new cluster and copy the objects")
@ValidationRule(
        value = "self.ring.virtualNodes == oldSelf.ring.virtualNodes",
        message =
                "ring.virtualNodes is fixed when the cluster is made: put the former value back, or"
                        + " make a new cluster and copy the objects")
@ValidationRule(
        value = "has(self.metadata.etcd) == has(oldSelf.metadata.etcd)",
        message =
                "metadata cannot move between etcd and managed: put the former one back, or make a"
                        + " new cluster and copy the objects")
@ValidationRule(
        value =
                "!has(self.metadata.etcd) || !has(oldSelf.metadata.etcd) ||"
                        + " (has(self.metadata.etcd.prefix) == has(oldSelf.metadata.etcd.prefix) &&"
                        + " (!has(self.metadata.etcd.prefix) ||"
                        + " self.metadata.etcd.prefix == oldSelf.metadata.etcd.prefix))",
        message =
                "metadata.etcd.prefix is fixed when the cluster is made, unset too: put the former"
                        + " value back")
@ValidationRule(
        value =
                "has(self.storage.storageClassName) == has(oldSelf.storage.storageClassName) &&"
                        + " (!has(self.storage.storageClassName) ||"
                        + " self.storage.storageClassName == oldSelf.storage.storageClassName)",
        message =
                "storage.storageClassName is fixed when the cluster is made, unset too: put the"
                        + " former value back")
@ValidationRule(
        value = "self.storage.volumesPerNode == oldSelf.storage.volumesPerNode",
        message =
                "storage.volumesPerNode is fixed when the cluster is made: put the former value"
                        + " back, and change replicas instead")
@ValidationRule(
        value = "quantity(self.storage.size).compareTo(quantity(oldSelf.storage.size)) >= 0",
        message =
                "storage.size can only grow, since volumes cannot shrink: put the former value back"
                        + " or set a larger one")
@ValidationRule(
        value =
                "!has(self.metadata.managed) || !has(oldSelf.metadata.managed) ||"
                        + " quantity(self.metadata.managed.storage).compareTo(quantity(oldSelf.metadata.managed.storage))"
                        + " >= 0",
        message =
                "metadata.managed.storage can only grow, since volumes cannot shrink: put the former"
                        + " value back or set a larger one")
public record LilioClusterSpec(
        @Required @Size(min = 1, max = Syntax.TAG_MAX) @Pattern(Syntax.TAG) String version,
        @Required ImageSpec image,
        @Default("3") @Min(1) @Max(100) @SpecReplicas int replicas,
        @Default("{}") ReplicationSpec replication,
        @Default("{}") RingSpec ring,
        @Required StorageSpec storage,
        @Required MetadataSpec metadata,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String rootCredentialsSecret,
        @Nullable ResourceRequirements resources,
        @Nullable PodSettings pod,
        @Default("{}") S3Spec s3,
        @Nullable JobsSpec jobs,
        @Default("true") boolean networkPolicy,
        @Default("true") boolean serviceMonitor,
        @Keyed @Size(max = 100)
                List<@Size(min = 1, max = Syntax.LABEL_MAX) @Pattern(Syntax.LABEL) String>
                        allowedNamespaces,
        @Default("false") boolean paused,
        @Default("Retain") @OpenEnum DeletionPolicy deletionPolicy) {

    public LilioClusterSpec {
        allowedNamespaces = allowedNamespaces == null ? List.of() : List.copyOf(allowedNamespaces);
    }

    /** What becomes of the volumes when the resource is deleted. */
    public enum DeletionPolicy {
        /** They are kept. */
        @JsonProperty("Retain")
        RETAIN,
        /** They are deleted. */
        @JsonProperty("Delete")
        DELETE
    }
}
