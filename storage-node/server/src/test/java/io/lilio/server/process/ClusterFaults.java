package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import io.lilio.metadata.etcd.EtcdProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What happens to a cluster whose nodes and etcd are behind proxies, and what its clients may
 * notice of it; the same for a light load and for a full one. Each fault asserts that it has hit,
 * and ends with the load's questions.
 */
final class ClusterFaults {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Each way, so that what is on its way can be seen there. */
    private static final Duration SLOW = Duration.ofMillis(400);

    private final ClusterProcesses cluster;
    private final ClusterLoad load;
    private final ServerProcess[] nodes;

    /**
     * @param nodes that clients use
     */
    ClusterFaults(ClusterProcesses cluster, ClusterLoad load, ServerProcess... nodes) {
        this.cluster = cluster;
        this.load = load;
        this.nodes = nodes.clone();
    }

    /** Spoils the network. */
    interface Fault {
        void hit();
    }

    private ClusterNetwork network() {
        return cluster.network();
    }

    /** All clients are at work. */
    void begin() throws InterruptedException {
        load.start();
        load.awaitProgress(nodes);
    }

    /** All clients are at work still, and have noticed nothing that they may not. */
    void goesOn(ServerProcess hit) throws InterruptedException {
        load.awaitProgress(nodes);
        load.stop();
        load.assertNothingWrong(hit);
    }

    private void goOn(int turns, ServerProcess... working) throws InterruptedException {
        for (int i = 0; i < turns; i++) {
            load.awaitProgress(working);
        }
    }

    private ServerProcess[] others(ServerProcess victim) {
        return Arrays.stream(nodes).filter(each -> each != victim).toArray(ServerProcess[]::new);
    }

    /**
     * Something is held up on the way to or from one node, which its clients notice; those of the
     * others do not.
     *
     * @param hurt where it is held up: something in each of these
     * @param lasting for how long at least
     */
    void heldUp(ServerProcess victim, List<List<TcpProxy>> hurt, Fault fault, Duration lasting)
            throws InterruptedException {
        begin();
        List<Long> held = hurt.stream().map(ClusterNetwork::held).toList();
        long refused = load.refused();
        load.isInTrouble(victim);
        fault.hit();
        Thread.sleep(lasting);
        load.awaitProgress(others(victim));
        load.awaitRefused(refused + 1);
        for (int i = 0; i < hurt.size(); i++) {
            assertThat(ClusterNetwork.held(hurt.get(i)))
                    .as("the fault hit")
                    .isGreaterThan(held.get(i));
        }
        network().heal();
        load.awaitWell(victim);
        goesOn(victim);
    }

    /**
     * SIGKILL, and started again on its data.
     *
     * @param turns of work of the clients of each other node meanwhile
     */
    void isKilled(ServerProcess victim, int turns) throws Exception {
        long refused = load.refused();
        load.isInTrouble(victim);
        victim.kill();
        goOn(turns, others(victim));
        load.awaitRefused(refused + 1);
        victim.startAgain();
        load.awaitWell(victim);
        load.awaitProgress(nodes);
    }

    /**
     * A node stands still until its session has ended. The commit of an object is on its way when
     * it stops, and arrives when the session has ended.
     *
     * @param number of the node
     */
    void frozenInTheMidstOfCommits(int number) throws Exception {
        ServerProcess victim = cluster.node(number);
        int said = victim.log().length();
        begin();
        load.isInTrouble(victim);
        holdUpACommit(number);
        victim.freeze();
        ServerProcess[] others = others(victim);
        RingAdmin.of(others[0]).awaitNodes(names(others));
        load.awaitProgress(others);
        network().heal();
        Thread.sleep(500);
        victim.thaw();
        load.awaitWell(victim);
        goesOn(victim);
        assertSessionEnded(victim, said);
    }

    private void holdUpACommit(int number) throws Exception {
        do {
            network().heal();
            awaitCommitOnItsWay(number);
            network().etcd(number, Way.REQUESTS, Mode.HOLD);
            Thread.sleep(SLOW.multipliedBy(3)); // what was past the proxy is answered by then
        } while (commitsOnTheirWay(cluster.node(number)) == 0);
    }

    /**
     * Makes all that passes between a node and etcd slow, and waits until the commit of an object
     * does. Clients of the node have to be at work.
     */
    void awaitCommitOnItsWay(int number) throws Exception {
        ServerProcess node = cluster.node(number);
        network().toEtcd(number).forEach(proxy -> proxy.delay(SLOW));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (commitsOnTheirWay(node) == 0) {
            assertThat(System.nanoTime()).as(node.lastLog()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    /** Commits of objects and their like, not of marks and leases, that etcd has not answered. */
    private static double commitsOnTheirWay(ServerProcess node) throws Exception {
        return node.metrics().value("lilio_metadata_commits_active", "purpose", "grow");
    }

    /** Such commits whose answer was lost, since the node was started. */
    static double lostAnswers(ServerProcess node) throws Exception {
        return node.metrics().value("lilio_metadata_commits_unknown_total", "purpose", "grow");
    }

    private static String[] names(ServerProcess... nodes) {
        return Arrays.stream(nodes)
                .map(each -> each.data().getFileName().toString())
                .sorted()
                .toArray(String[]::new);
    }

    /**
     * A node has noticed that its session had ended.
     *
     * @param said characters of its log that are older
     */
    static void assertSessionEnded(ServerProcess node, int said) throws Exception {
        assertThat(node.log().substring(said)).contains("of this node has ended; opening another");
    }

    /** Two of three members go on: so do all nodes, those that were talking to the leader too. */
    void etcdsLeaderIsKilled() throws Exception {
        begin();
        isInTrouble();
        EtcdProcess leader = leader();
        leader.kill();
        load.awaitWell(nodes);
        assertThat(leader()).isNotSameAs(leader);
        load.awaitProgress(nodes);
        leader.start();
        goesOn(nodes[0]);
    }

    /** All nodes may refuse. */
    void isInTrouble() {
        for (ServerProcess each : nodes) {
            load.isInTrouble(each);
        }
    }

    /** Waits until a member of etcd leads. */
    EtcdProcess leader() throws Exception {
        while (true) {
            for (EtcdProcess each : cluster.etcdMembers()) {
                if (each.isLeader()) {
                    return each;
                }
            }
            Thread.sleep(50);
        }
    }

    /**
     * A node is slow for all others and for its own clients; nobody is refused.
     *
     * @param turns of work of the clients of each other node meanwhile
     */
    void isSlow(int number, Duration delay, int turns) throws InterruptedException {
        ServerProcess victim = cluster.node(number);
        begin();
        network().toNodes(number).forEach(proxy -> proxy.delay(delay));
        goOn(turns, others(victim));
        load.awaitProgress(victim);
        assertThat(load.timeOfAPut(victim, 9_000))
                .as("it waits for one of the others, there and back")
                .isGreaterThanOrEqualTo(delay.multipliedBy(2));
        network().heal();
        goesOn(victim);
    }
}
