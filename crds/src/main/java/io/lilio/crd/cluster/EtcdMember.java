package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * A member of the managed etcd, as it was when it last served, or how far its replacement is.
 *
 * @param pod its pod, whose name is its own in etcd too
 * @param volume uid of the PersistentVolumeClaim that it has its data on; of one that is lost, the
 *     uid of the newest one
 * @param id its identity in etcd, as {@code etcdctl} shows it; absent from when the former one was
 *     removed until it serves with the next one
 * @param lost whether it has lost its data, or never had any, and is being let in
 */
@ResourcePart
public record EtcdMember(
        @Required @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) String pod,
        @Required @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) String volume,
        @Size(min = 1, max = 16) @Pattern("^[0-9a-f]+$") @Nullable String id,
        boolean lost) {}
