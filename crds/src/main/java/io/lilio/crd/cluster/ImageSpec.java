package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;

/**
 * Where the storage nodes' image is from.
 *
 * @param repository the image without its tag, which is {@code version}: {@code
 *     registry.example.com/lilio}
 * @param pullPolicy when nodes of Kubernetes fetch it
 * @param pullSecrets Secrets of the cluster's namespace that open the registry
 */
@ResourcePart
public record ImageSpec(
        @Required @Size(min = 1, max = 255) @Pattern(Syntax.REPOSITORY) String repository,
        @Default("IfNotPresent") @OpenEnum PullPolicy pullPolicy,
        @Keyed("name") @Size(max = 16) List<LocalObjectReference> pullSecrets) {

    public ImageSpec {
        pullSecrets = pullSecrets == null ? List.of() : List.copyOf(pullSecrets);
    }

    /** When an image is fetched. */
    public enum PullPolicy {
        /** At each start of a container. */
        @JsonProperty("Always")
        ALWAYS,
        /** Where it is not there yet. */
        @JsonProperty("IfNotPresent")
        IF_NOT_PRESENT,
        /** Never: it is there already. */
        @JsonProperty("Never")
        NEVER
    }
}
