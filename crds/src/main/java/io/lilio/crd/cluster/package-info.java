/** A ring of storage nodes: {@link io.lilio.crd.cluster.LilioCluster} and what it is made of. */
@NullMarked
package io.lilio.crd.cluster;

import org.jspecify.annotations.NullMarked;
