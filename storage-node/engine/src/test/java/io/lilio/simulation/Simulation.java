package io.lilio.simulation;

import java.time.Duration;
import java.util.Optional;

/** One run: a cluster, its clients and its faults, all of which follow from a seed. */
final class Simulation {

    private final long seed;
    private final Cluster cluster;
    private final Clients clients;

    Simulation(long seed) {
        this.seed = seed;
        this.cluster = new Cluster(seed, 3);
        this.clients = new Clients(cluster);
    }

    Optional<String> run() {
        cluster.nodes().forEach(SimulatedNode::start);
        cluster.scheduler().run(() -> cluster.nodes().stream().allMatch(n -> n.running().isPresent()), Duration.ofMinutes(1));
        SimulatedNode first = cluster.nodes().getFirst();
        boolean[] made = new boolean[1];
        first.process().start(() -> { first.engine().objects().buckets().create(Cluster.BUCKET, "me", Cluster.CHUNK); made[0]=true;});
        cluster.scheduler().run(() -> made[0], Duration.ofMinutes(1));
        clients.requireReads();
        clients.start(4, 30);
        cluster.scheduler().run(clients::areDone, Duration.ofMinutes(5));
        System.out.println(cluster.scheduler().failure() + " " + clients.areDone() + " " + clients.outcomes() + " t=" + cluster.scheduler().nanos()/1e9 + " steps " + cluster.scheduler().steps());
        return clients.history().violation();
    }

    public static void main(String[] args) {
        for (long seed = 1; seed <= Integer.parseInt(args[0]); seed++) {
            long t = System.nanoTime();
            Simulation s = new Simulation(seed);
            System.out.println(s.run());
            System.out.println(seed + " " + s.cluster.scheduler().trace() + " " + (System.nanoTime() - t) / 1e6 + " ms");
            s.cluster.scheduler().failure().ifPresent(e -> e.printStackTrace(System.out));
        }
    }
}
