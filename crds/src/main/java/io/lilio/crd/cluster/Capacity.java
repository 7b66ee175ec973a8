package io.lilio.crd.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * How much room there is on all members together. Every object takes N times its size.
 *
 * @param total room on the volumes
 * @param used what of it is taken
 */
@ResourcePart
public record Capacity(@Nullable Quantity total, @Nullable Quantity used) {}
