package io.lilio.bench.cluster;

import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.KeptAliveConnection;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.RequestSigner;
import io.lilio.bench.http.ServerUnderTest;
import io.lilio.bench.http.Target;
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

    /** Lets the JIT compilers of all its processes see what will be measured. */
    void warmUp(LoadGenerator load, HttpWorkloads workloads)
            throws IOException, InterruptedException {
        load.run(workloads.put(1 << 10, 16, share(20_000, 1_000)));
        load.run(workloads.get(1 << 10, 16, share(40_000, 2_000)));
        load.run(workloads.put(1 << 20, 8, share(300, 100)));
        load.run(workloads.get(1 << 20, 8, share(600, 200)));
    }
}
