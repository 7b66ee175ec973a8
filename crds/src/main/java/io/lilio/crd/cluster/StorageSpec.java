package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of the storage nodes.
 *
 * @param size of each volume, such as {@code 100Gi}; at least 1Gi, and it only ever grows
 * @param storageClassName the StorageClass that they are made by; absent: the default one of
 *     Kubernetes. Fixed when the cluster is made
 * @param volumesPerNode volumes of each storage node, each a member of the ring of its own; fixed
 *     when the cluster is made
 * @param durability {@code full}: what is acknowledged is synced to the disk. {@code relaxed}: it
 *     survives the end of the process, but a power loss may take the last half minute
 */
@ResourcePart
@ValidationRule(
        value = "quantity(self.size).compareTo(quantity('1Gi')) >= 0",
        message = "storage.size has to be at least 1Gi: set a larger one")
public record StorageSpec(
        @Required Quantity size,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String storageClassName,
        @Default("1") @Min(1) @Max(10) int volumesPerNode,
        @Default("full") @OpenEnum Durability durability) {

    /** When a write is acknowledged. */
    public enum Durability {
        /** When it is on the disk. */
        @JsonProperty("full")
        FULL,
        /** When the operating system has it. */
        @JsonProperty("relaxed")
        RELAXED
    }
}
