package io.lilio.server.process;

import org.jspecify.annotations.Nullable;

/** The end of a cluster that has been through faults: every disk holds what it should. */
final class ClusterEnd {

    private ClusterEnd() {}

    /**
     * Has the nodes themselves repair and collect; ends them; looks at their disks.
     *
     * @param cluster null when its start has failed
     * @param load null likewise
     */
    static void afterRepair(@Nullable ClusterProcesses cluster, @Nullable ClusterLoad load)
            throws Exception {
        try (cluster;
                load) {
            if (cluster == null || load == null) {
                return;
            }
            load.stop();
            RingAdmin admin = RingAdmin.of(cluster.node(1));
            admin.run("repair");
            admin.run("gc");
            cluster.terminate();
            StoppedStore.assertClusterHoldsExactlyWhatRecordsName(cluster.etcd(), cluster.disks());
        }
    }

    /** The same for those whose nodes do not run maintenance, and of which the first are left. */
    static void withFirst(int left, @Nullable ClusterProcesses cluster, @Nullable ClusterLoad load)
            throws Exception {
        try (cluster;
                load) {
            if (cluster == null || load == null) {
                return;
            }
            load.stop();
            cluster.terminate();
            StoppedStore.assertClusterHoldsExactlyWhatRecordsName(
                    cluster.etcd(), cluster.disks().subList(0, left));
        }
    }
}
