package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How storage pods are marked and where they run.
 *
 * @param labels besides the operator's own, which win
 * @param annotations besides the operator's own, which win
 * @param nodeSelector labels that a node of Kubernetes has to have
 * @param tolerations taints of nodes that are no obstacle
 * @param affinity which nodes, and which other pods beside them, are wanted
 * @param topologySpreadConstraints how evenly pods lie over zones or nodes
 * @param priorityClassName the PriorityClass of the pods
 * @param securityContext in place of the operator's own, which meets the restricted Pod Security
 *     Standard
 */
@ResourcePart
public record PodSettings(
        @Size(max = 64) Map<String, @Size(max = 63) String> labels,
        @Size(max = 64) Map<String, @Size(max = 16_384) String> annotations,
        @Size(max = 64) Map<String, @Size(max = 63) String> nodeSelector,
        @Size(max = 64) List<Toleration> tolerations,
        @Nullable Affinity affinity,
        @Size(max = 16) List<TopologySpreadConstraint> topologySpreadConstraints,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String priorityClassName,
        @Nullable PodSecurityContext securityContext) {

    public PodSettings {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpreadConstraints =
                topologySpreadConstraints == null
                        ? List.of()
                        : List.copyOf(topologySpreadConstraints);
    }
}
