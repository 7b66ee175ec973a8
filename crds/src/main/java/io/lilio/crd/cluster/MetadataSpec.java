package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.ValidationRule;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * Where records of objects are kept: exactly one of its fields is set, and the choice is for ever.
 *
 * @param etcd an etcd that is there already
 * @param managed an etcd that the operator runs for this cluster
 */
@ResourcePart
@ValidationRule(
        value = "has(self.etcd) != has(self.managed)",
        message =
                "set exactly one of metadata.etcd (an etcd that is there already) and"
                        + " metadata.managed (one that the operator runs; {} is enough)")
public record MetadataSpec(@Nullable EtcdSpec etcd, @Nullable ManagedEtcdSpec managed) {}
