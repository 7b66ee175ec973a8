package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.lilio.crd.cluster.EtcdSpec;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every process of the storage node's image finds in its container, be it a node or a job: the
 * settings, and secrets as files of directories that are mounted as a whole, so that what changes
 * in a Secret gets there. The root key alone is read from the environment, as the server has no
 * file for it.
 */
final class ServerFiles {

    /** The directory of the process's own files; the image's data directory. */
    static final String DATA = "/data";

    static final String CONFIG_FILE = "lilio.yaml";
    static final String CLUSTER_SECRET_FILE = "/etc/lilio/cluster/" + ClusterSecret.KEY;
    static final String ETCD_AUTHORITY = "/etc/lilio/etcd-tls/ca.crt";
    static final String ETCD_CERTIFICATE = "/etc/lilio/etcd-tls/tls.crt";
    static final String ETCD_KEY = "/etc/lilio/etcd-tls/tls.key";
    static final String ETCD_PASSWORD = "/etc/lilio/etcd-login/password";

    private static final String CONFIG = "/etc/lilio/config";

    /** Readable by the owner and the pod's group. */
    private static final int MODE = 0440;

    private final LilioClusterSpec spec;
    private final Names names;

    ServerFiles(LilioCluster cluster) {
        this.spec = cluster.getSpec();
        this.names = Names.of(cluster);
    }

    List<EnvVar> variables() {
        String root = names.rootSecret(spec);
        List<EnvVar> variables = new ArrayList<>();
        variables.add(Variables.plain("LILIO_CONFIG", CONFIG + "/" + CONFIG_FILE));
        variables.add(
                Variables.ofSecret("LILIO_ROOT_ACCESS_KEY", root, RootCredentials.ACCESS_KEY));
        variables.add(
                Variables.ofSecret("LILIO_ROOT_SECRET_KEY", root, RootCredentials.SECRET_KEY));
        etcdSecret(EtcdSpec::authSecret)
                .ifPresent(
                        secret ->
                                variables.add(
                                        Variables.ofSecret(
                                                "LILIO_METADATA_ETCD_USER", secret, "username")));
        return variables;
    }

    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(
                new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(names.config())
                        .endConfigMap()
                        .build());
        volumes.add(secret("cluster", names.clusterSecret()));
        etcdSecret(EtcdSpec::tlsSecret)
                .ifPresent(secret -> volumes.add(secret("etcd-tls", secret)));
        etcdSecret(EtcdSpec::authSecret)
                .ifPresent(secret -> volumes.add(secret("etcd-login", secret)));
        volumes.add(scratch("tmp", new Quantity("256Mi")));
        return volumes;
    }

    List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(readOnly("config", CONFIG));
        mounts.add(readOnly("cluster", "/etc/lilio/cluster"));
        etcdSecret(EtcdSpec::tlsSecret)
                .ifPresent(_ -> mounts.add(readOnly("etcd-tls", "/etc/lilio/etcd-tls")));
        etcdSecret(EtcdSpec::authSecret)
                .ifPresent(_ -> mounts.add(readOnly("etcd-login", "/etc/lilio/etcd-login")));
        mounts.add(mount("tmp", "/tmp"));
        return mounts;
    }

    /** A directory that goes with the pod. */
    static Volume scratch(String name, Quantity atMost) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(atMost)
                .endEmptyDir()
                .build();
    }

    static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    private static VolumeMount readOnly(String volume, String path) {
        return new VolumeMountBuilder(mount(volume, path)).withReadOnly(true).build();
    }

    private static Volume secret(String volume, String secret) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(MODE)
                .endSecret()
                .build();
    }

    private Optional<String> etcdSecret(Function<EtcdSpec, @Nullable String> which) {
        return Optional.ofNullable(spec.metadata().etcd()).map(which);
    }
}
