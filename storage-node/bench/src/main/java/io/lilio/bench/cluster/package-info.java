/** Clusters of real processes: nodes, their etcd, and clients, all on this machine. */
@NullMarked
package io.lilio.bench.cluster;

import org.jspecify.annotations.NullMarked;
