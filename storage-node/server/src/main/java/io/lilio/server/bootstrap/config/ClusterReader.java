package io.lilio.server.bootstrap.config;

import io.lilio.server.bootstrap.config.NodeSettings.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads whom a node makes a cluster with. */
final class ClusterReader {

    private static final String INITIAL_NODES = "lilio.cluster.initial-nodes";

    private ClusterReader() {}

    /**
     * @param node the node's name
     * @param shared whether other nodes share its metadata
     */
    static Cluster read(LilioConfig config, String node, boolean shared) {
        String host =
                config.nodeHost()
                        .map(text -> new SettingText("lilio.node-host", text).filled("a name"))
                        .orElse(node);
        Duration sessionTtl =
                new SettingText("lilio.cluster.session-ttl", config.cluster().sessionTtl())
                        .time(Duration.ofSeconds(5), Duration.ofMinutes(5));
        Optional<List<String>> founders = config.cluster().initialNodes();
        if (!shared) {
            if (founders.isPresent()) {
                throw new InvalidSettingException(
                        INITIAL_NODES
                                + " is for clusters, whose nodes share their metadata: set"
                                + " lilio.metadata.type to etcd, or leave it out.");
            }
            return new Cluster(false, Set.of(node), host, Optional.empty(), sessionTtl);
        }
        Set<String> names = new TreeSet<>();
        for (String name : founders.orElse(List.of())) {
            if (!SettingsReader.isName(name)) {
                throw new SettingText(INITIAL_NODES, name)
                        .refuse("names of nodes, each " + SettingsReader.NAME_RULE);
            }
            names.add(name);
        }
        if (names.isEmpty()) {
            throw new InvalidSettingException(
                    INITIAL_NODES
                            + " has to name the nodes that the cluster is founded with, the same"
                            + " on all of them.");
        }
        return new Cluster(
                true, names, host, Optional.of(NetworkReader.read(config.rpc(), host)), sessionTtl);
    }
}
