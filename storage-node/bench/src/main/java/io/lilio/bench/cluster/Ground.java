package io.lilio.bench.cluster;

import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.KeptAliveConnection;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.RequestSigner;
import io.lilio.bench.http.ServerUnderTest;
import io.lilio.bench.http.Target;
import io.lilio.bench.http.Workload;
import io.lilio.bench.machine.Surroundings;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What all tables of clusters stand on.
 *
 * @param repository where the server was built
 * @param rounds counted runs of each row
 * @param effort share of the operations of a full run, for trying things out
 */
public record Ground(Path repository, int rounds, double effort) {

    private static final int MAX_ROUNDS = 20;

    /** A round that takes more of the time of the best one before brings nothing any more. */
    private static final double STILL_IMPROVING = 0.95;

    /** Machine and versions, since this may be measured elsewhere than the rest of the file. */
    String describe() throws IOException {
        return new Surroundings(repository).describe()
                + " etcd "
                + EtcdUnderTest.version(repository)
                + ".";
    }

    /** As many as in a full run, or their share. */
    int share(int full, int least) {
        return Math.max(least, (int) (full * effort));
    }

    /** For a target whose bucket is made here; what it signs is good for any other target too. */
    HttpWorkloads workloads(Target target) throws IOException {
        HttpWorkloads workloads = new HttpWorkloads(signer(target));
        createBucket(workloads, target);
        return workloads;
    }

    RequestSigner signer(Target target) {
        return new RequestSigner(
                target.endpoints().getFirst(),
                ServerUnderTest.ACCESS_KEY,
                ServerUnderTest.SECRET_KEY);
    }

    void createBucket(HttpWorkloads workloads, Target target) throws IOException {
        try (KeptAliveConnection connection =
                new KeptAliveConnection(target.endpoints().getFirst())) {
            workloads.createBucket(connection);
        }
    }

    /**
     * Lets the JIT compilers of all its processes see what will be measured, until they are done:
     * on two cores those of three nodes take minutes, and half of the processor time meanwhile.
     */
    void warmUp(LoadGenerator load, HttpWorkloads workloads)
            throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        int without = 0;
        for (int round = 0; round < share(MAX_ROUNDS, 1) && without < 2; round++) {
            workloads.forgetSignatures();
            double millis =
                    warmUp(load, workloads.put(1 << 10, 16, share(6_000, 1_000)))
                            + warmUp(load, workloads.get(1 << 10, 16, share(16_000, 2_000)))
                            + warmUp(load, workloads.put(1 << 20, 8, share(100, 50)))
                            + warmUp(load, workloads.get(1 << 20, 8, share(300, 100)));
            without = millis < least * STILL_IMPROVING ? 0 : without + 1;
            least = Math.min(least, millis);
        }
    }

    /** Processor time of the servers. */
    private static double warmUp(LoadGenerator load, Workload workload)
            throws IOException, InterruptedException {
        return load.run(workload).serverCpuMillis() * workload.operations();
    }
}
