package io.lilio.server.s3.http;

/**
 * What came before the body.
 *
 * @param id the request id
 * @param peer the other end of the connection
 * @param target what the request line and the Host header address
 * @param headers all headers
 */
public record RequestHead(String id, Peer peer, RequestTarget target, RequestHeaders headers) {

    /**
     * The other end of the connection.
     *
     * @param address numeric address, without the port
     * @param secure whether the connection is encrypted
     */
    public record Peer(String address, boolean secure) {}
}
