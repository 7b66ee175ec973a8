/**
 * The metadata of a cluster in etcd, by etcd's own protocol over gRPC (its documentation, "etcd
 * API"). jetcd gives the generated messages and stubs; its client proper is not used: it repeats
 * transactions by itself, and a commit must be sent once.
 */
@NullMarked
package io.lilio.metadata.etcd;

import org.jspecify.annotations.NullMarked;
