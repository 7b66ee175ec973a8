package io.lilio.server.process;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The network of a cluster on loopback: a proxy for every way from one node to another and from a
 * node to each member of etcd. Nodes announce themselves by a name, and each looks names up in a
 * hosts file of its own, which says where its proxy to that node is. Not thread-safe.
 */
final class ClusterNetwork implements AutoCloseable {

    /** Who opens connections, and to whom. */
    private record Link(int from, int to) {}

    private final Path directory;
    private final List<Integer> etcdPorts;
    private final Map<Integer, Integer> rpcPorts = new TreeMap<>();
    private final Map<Link, TcpProxy> links = new HashMap<>();
    private final Map<Integer, List<TcpProxy>> etcd = new HashMap<>();

    /**
     * @param directory for the hosts files
     * @param etcdPorts of etcd's members
     */
    ClusterNetwork(Path directory, List<Integer> etcdPorts) {
        this.directory = directory;
        this.etcdPorts = List.copyOf(etcdPorts);
    }

    /**
     * Connects a node that is about to be started with all others.
     *
     * @return what it has to be told, beside its port
     */
    Map<String, String> connect(int node, int rpcPort) throws IOException {
        for (Map.Entry<Integer, Integer> other : rpcPorts.entrySet()) {
            link(node, other.getKey(), other.getValue());
            link(other.getKey(), node, rpcPort);
        }
        rpcPorts.put(node, rpcPort);
        List<TcpProxy> members = new ArrayList<>();
        for (int port : etcdPorts) {
            members.add(new TcpProxy(port));
        }
        etcd.put(node, members);
        for (int each : rpcPorts.keySet()) {
            writeHosts(each);
        }
        return Map.of(
                "LILIO_RPC_ADDRESS",
                name(node) + ":" + rpcPort,
                "LILIO_METADATA_ETCD_ENDPOINTS",
                String.join(",", members.stream().map(TcpProxy::endpoint).toList()),
                "LILIO_JAVA_OPTS",
                System.getenv().getOrDefault("LILIO_JAVA_OPTS", "")
                        + " -Djdk.net.hosts.file="
                        + hosts(node));
    }

    private void link(int from, int to, int port) throws IOException {
        InetSocketAddress at = new InetSocketAddress(address(from, to), port);
        links.put(new Link(from, to), new TcpProxy(at, port));
    }

    /** Where one node finds another: an address of loopback that only the two have. */
    private static InetAddress address(int from, int to) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, (byte) (from + 10), (byte) to});
    }

    private static String name(int node) {
        return "node-" + node;
    }

    private Path hosts(int node) {
        return directory.resolve(name(node) + ".hosts");
    }

    private void writeHosts(int node) throws IOException {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost " + name(node)));
        for (int other : rpcPorts.keySet()) {
            if (other != node) {
                lines.add(address(node, other).getHostAddress() + " " + name(other));
            }
        }
        Files.write(hosts(node), lines);
    }

    /** Nothing passes between a node and the others. */
    void cutOffFromNodes(int node) {
        muteToNodes(node);
        deafenToNodes(node);
    }

    /** Nothing that a node sends arrives at the others. */
    void muteToNodes(int node) {
        set(link -> link.from() == node, Way.REQUESTS, Mode.HOLD);
        set(link -> link.to() == node, Way.ANSWERS, Mode.HOLD);
    }

    /** Nothing that the others send arrives at a node. */
    void deafenToNodes(int node) {
        set(link -> link.from() == node, Way.ANSWERS, Mode.HOLD);
        set(link -> link.to() == node, Way.REQUESTS, Mode.HOLD);
    }

    /** Nothing passes between a node and etcd. */
    void cutOffFromEtcd(int node) {
        etcd(node, Way.REQUESTS, Mode.HOLD);
        etcd(node, Way.ANSWERS, Mode.HOLD);
    }

    /** What becomes of one way between a node and etcd. */
    void etcd(int node, Way way, Mode mode) {
        toEtcd(node).forEach(proxy -> proxy.set(way, mode));
    }

    private void set(Predicate<Link> which, Way way, Mode mode) {
        links.forEach(
                (link, proxy) -> {
                    if (which.test(link)) {
                        proxy.set(way, mode);
                    }
                });
    }

    /** The proxies before etcd's members that a node has. */
    List<TcpProxy> toEtcd(int node) {
        return etcd.getOrDefault(node, List.of());
    }

    /** The proxies between a node and the others, both ways. */
    List<TcpProxy> toNodes(int node) {
        return links.entrySet().stream()
                .filter(each -> each.getKey().from() == node || each.getKey().to() == node)
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Bytes that some proxies have held up, or lost, so far. */
    static long held(List<TcpProxy> proxies) {
        return proxies.stream()
                .flatMapToLong(
                        proxy ->
                                Stream.of(Way.values())
                                        .mapToLong(way -> proxy.held(way) + proxy.lost(way)))
                .sum();
    }

    /** All passes again, and what was held up arrives. */
    void heal() {
        all().forEach(TcpProxy::heal);
    }

    private Stream<TcpProxy> all() {
        return Stream.concat(links.values().stream(), etcd.values().stream().flatMap(List::stream));
    }

    @Override
    public void close() throws IOException {
        for (TcpProxy each : all().toList()) {
            each.close();
        }
    }
}
