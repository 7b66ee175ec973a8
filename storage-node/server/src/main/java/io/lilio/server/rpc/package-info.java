/**
 * How nodes reach each other's members (DESIGN §12): {@link io.lilio.server.rpc.RpcServer} lets
 * others call this node's stores, {@link io.lilio.server.rpc.RpcClient} makes stores of theirs.
 * Frames over pooled TCP connections, one call at a time on each.
 */
@NullMarked
package io.lilio.server.rpc;

import org.jspecify.annotations.NullMarked;
