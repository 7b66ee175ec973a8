package io.lilio.engine;

import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Ring;

/**
 * A node that has its place in a cluster.
 *
 * @param sessions its sessions, the first of them open
 * @param ring as it was found, or founded
 */
record Joined(Sessions sessions, Ring ring) {}
