package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Service that clients reach.
 *
 * @param serviceType how far it reaches
 * @param annotations of the Service, as load balancers read them
 * @param domain whose sub-domains are buckets ({@code photos.s3.example.com}), besides the
 *     Service's own name; path style always works
 */
@ResourcePart
public record S3Spec(
        @Default("ClusterIP") @OpenEnum ServiceType serviceType,
        @Size(max = 64) Map<String, @Size(max = 16_384) String> annotations,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String domain) {

    public S3Spec {
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }

    /** How far a Service reaches. */
    public enum ServiceType {
        /** Pods of the same Kubernetes. */
        @JsonProperty("ClusterIP")
        CLUSTER_IP,
        /** A port of every node of Kubernetes. */
        @JsonProperty("NodePort")
        NODE_PORT,
        /** An address outside, where somebody provides them. */
        @JsonProperty("LoadBalancer")
        LOAD_BALANCER
    }
}
