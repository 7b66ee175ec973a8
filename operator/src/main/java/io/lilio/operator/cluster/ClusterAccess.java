package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApis;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.dependent.RootCredentials;
import io.lilio.operator.kube.Kubernetes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How the admin API of a cluster is reached, with its administrator's key. Thread-safe. */
public final class ClusterAccess {

    /** What storage nodes want requests to be signed for, which no resource can change yet. */
    public static final String REGION = "us-east-1";

    private final Kubernetes kubernetes;
    private final AdminApis adminApis;

    public ClusterAccess(Kubernetes kubernetes, AdminApis adminApis) {
        this.kubernetes = kubernetes;
        this.adminApis = adminApis;
    }

    /** Where clients in the same Kubernetes reach S3. */
    public static String endpoint(LilioCluster cluster) {
        return Names.of(cluster).endpoint().toString();
    }

    /**
     * The admin API of a cluster, with the key that its Secret holds now.
     *
     * @return empty when there are no storage pods yet, or no complete Secret
     * @throws io.lilio.operator.kube.KubernetesException when Kubernetes does not answer
     */
    public Optional<AdminApi> of(LilioCluster cluster) {
        Names names = Names.of(cluster);
        int pods =
                kubernetes
                        .get(StatefulSet.class, names.namespace(), names.storageNodes())
                        .map(set -> set.getSpec().getReplicas())
                        .orElse(0);
        return kubernetes
                .get(Secret.class, names.namespace(), names.rootSecret(cluster.getSpec()))
                .flatMap(secret -> of(cluster, pods, secret));
    }

    /**
     * The same, of a Secret and a number of pods that were read before.
     *
     * @param pods of the StatefulSet
     */
    Optional<AdminApi> of(LilioCluster cluster, int pods, Secret root) {
        if (pods == 0 || !RootCredentials.isComplete(root)) {
            return Optional.empty();
        }
        Names names = Names.of(cluster);
        List<URI> nodes =
                IntStream.range(0, pods).mapToObj(names::storageNode).map(names::adminApi).toList();
        AdminApis.Credentials credentials =
                new AdminApis.Credentials(
                        value(root, RootCredentials.ACCESS_KEY),
                        value(root, RootCredentials.SECRET_KEY),
                        REGION);
        return Optional.of(adminApis.of(nodes, credentials));
    }

    private static String value(Secret secret, String key) {
        byte[] value = Base64.getDecoder().decode(secret.getData().get(key));
        return new String(value, StandardCharsets.UTF_8);
    }
}
