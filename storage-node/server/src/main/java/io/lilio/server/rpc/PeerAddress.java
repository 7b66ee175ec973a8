package io.lilio.server.rpc;

import java.net.InetSocketAddress;

/**
 * A process of another node.
 *
 * @param node the node's name
 * @param host a name or an address
 * @param port where it listens
 * @param process names the process for ever: a call that reaches another one is refused there. 0:
 *     not known
 */
public record PeerAddress(String node, String host, int port, long process) {

    /**
     * Of a node that is known by {@code host:port}; an IPv6 address may stand in brackets.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static PeerAddress of(String node, String address, long process) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            String host = address.substring(0, Math.max(0, colon));
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (port > 0 && port < 65_536 && !host.isEmpty()) {
                return new PeerAddress(node, host, port, process);
            }
        } catch (NumberFormatException notAPort) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "node " + node + " announces \"" + address + "\", which is not host:port");
    }

    /** Looks the name up anew: an address may move to another machine. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** Name and address, for messages. */
    @Override
    public String toString() {
        return "node " + node + " at " + host + ":" + port;
    }
}
