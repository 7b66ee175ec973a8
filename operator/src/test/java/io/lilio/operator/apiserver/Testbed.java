package io.lilio.operator.apiserver;

/**
 * What all tests of a class share: the API server, machines and storage nodes that are played.
 * Thread-safe.
 *
 * @param server known under {@code KUBECONFIG}
 */
record Testbed(BareApiServer server, Kubelet kubelet, FakeStorageNodes nodes)
        implements AutoCloseable {

    /** An address of loopback that nobody else serves admin APIs at. */
    private static final String ADDRESS = "127.0.9.1";

    static Testbed open() {
        FakeStorageNodes nodes = new FakeStorageNodes(ADDRESS, FakeStorageNodes.ADMIN_PORT);
        try {
            BareApiServer server = new BareApiServer();
            return new Testbed(server, new Kubelet(server.client()), nodes);
        } catch (RuntimeException | AssertionError e) {
            nodes.close();
            throw e;
        }
    }

    @Override
    public void close() {
        nodes.close();
        kubelet.close();
        server.close();
    }
}
