package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.crd.schema.ResourcePart;

/**
 * An etcd that the operator runs for this cluster alone.
 *
 * @param replicas its members: 1, 3 or 5. With 3 one may be away, with 5 two; with 1 nothing is
 *     served while it is
 * @param storage size of the volume of each member; at least 1Gi, and it only ever grows
 */
@ResourcePart
@ValidationRule(
        value = "self.replicas in [1, 3, 5]",
        message =
                "set metadata.managed.replicas to 1, 3 or 5: an even number of members survives no"
                        + " more losses than one fewer")
@ValidationRule(
        value = "quantity(self.storage).compareTo(quantity('1Gi')) >= 0",
        message = "metadata.managed.storage has to be at least 1Gi: set a larger one")
public record ManagedEtcdSpec(
        @Default("3") @Min(1) @Max(5) int replicas, @Default("8Gi") Quantity storage) {}
