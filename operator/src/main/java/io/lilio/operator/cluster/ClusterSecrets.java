package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.EtcdSpec;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.ClusterSecret;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.dependent.RootCredentials;
import io.lilio.operator.kube.Kubernetes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets of a cluster: generated once, before there is anything that depends on them; what is
 * missing later is never drawn again, since another key would open nothing (DESIGN §13, rule 9).
 */
final class ClusterSecrets {

    private final Kubernetes kubernetes;
    private final RandomGenerator random;

    ClusterSecrets(Kubernetes kubernetes, RandomGenerator random) {
        this.kubernetes = kubernetes;
        this.random = random;
    }

    /**
     * What there is.
     *
     * @param cluster what nodes prove to each other
     * @param root the administrator's key
     * @param etcdCertificate whether the spec's {@code tlsSecret} holds a client certificate
     * @param faults what is missing: each of them holds
     */
    record Found(
            Optional<Secret> cluster,
            Optional<Secret> root,
            boolean etcdCertificate,
            List<Fault> faults) {
        Found {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Looks, and makes what is to be generated.
     *
     * @param mayGenerate whether nothing depends on them yet
     */
    Found look(LilioCluster cluster, boolean mayGenerate) {
        Names names = Names.of(cluster);
        List<Fault> faults = new ArrayList<>();
        Optional<Secret> shared =
                find(
                        names,
                        names.clusterSecret(),
                        ClusterSecret::isComplete,
                        generator(
                                names,
                                mayGenerate,
                                () ->
                                        Optional.of(
                                                ClusterSecret.of(
                                                        cluster, Optional.empty(), random))),
                        faults);
        Optional<Secret> root = root(cluster, names, mayGenerate, faults);
        @Nullable EtcdSpec etcd = cluster.getSpec().metadata().etcd();
        boolean certificate = etcd != null && certificate(names, etcd, faults);
        return new Found(shared, root, certificate, faults);
    }

    private Optional<Secret> root(
            LilioCluster cluster, Names names, boolean mayGenerate, List<Fault> faults) {
        @Nullable String given = cluster.getSpec().rootCredentialsSecret();
        return given == null
                ? find(
                        names,
                        names.generatedRootSecret(),
                        RootCredentials::isComplete,
                        generator(
                                names,
                                mayGenerate,
                                () -> RootCredentials.of(cluster, Optional.empty(), random)),
                        faults)
                : need(
                        names,
                        given,
                        "rootCredentialsSecret",
                        List.of(RootCredentials.ACCESS_KEY, RootCredentials.SECRET_KEY),
                        faults);
    }

    private Supplier<Optional<Secret>> generator(
            Names names, boolean mayGenerate, Supplier<Optional<Secret>> made) {
        return () ->
                mayGenerate && noVolumes(names)
                        ? made.get().map(ClusterSecrets::withoutOwner).map(kubernetes::create)
                        : Optional.empty();
    }

    /** Volumes that an earlier cluster of that name has left are worth nothing with another key. */
    private boolean noVolumes(Names names) {
        return kubernetes
                .list(
                        PersistentVolumeClaim.class,
                        names.namespace(),
                        Map.of(Labels.CLUSTER, names.cluster()))
                .isEmpty();
    }

    /** Owners are set by apply alone, which can take them away again. */
    private static Secret withoutOwner(Secret secret) {
        return new SecretBuilder(secret)
                .editMetadata()
                .withOwnerReferences(List.of())
                .endMetadata()
                .build();
    }

    private Optional<Secret> find(
            Names names,
            String name,
            Predicate<Secret> isComplete,
            Supplier<Optional<Secret>> generate,
            List<Fault> faults) {
        Optional<Secret> found = kubernetes.get(Secret.class, names.namespace(), name).or(generate);
        if (found.filter(isComplete).isEmpty()) {
            faults.add(
                    Fault.holding(
                            ClusterReason.SECRET_MISSING,
                            ("Secret %s is %s: put it back as it was, from a backup; it is not made"
                                            + " anew, since another key opens nothing of what is"
                                            + " stored")
                                    .formatted(
                                            name,
                                            found.isPresent() ? "not complete" : "not there")));
        }
        return found.filter(isComplete);
    }

    private boolean certificate(Names names, EtcdSpec etcd, List<Fault> faults) {
        need(
                names,
                etcd.authSecret(),
                "metadata.etcd.authSecret",
                List.of("username", "password"),
                faults);
        return need(names, etcd.tlsSecret(), "metadata.etcd.tlsSecret", List.of("ca.crt"), faults)
                .filter(secret -> holds(secret, "tls.crt"))
                .isPresent();
    }

    private Optional<Secret> need(
            Names names,
            @Nullable String name,
            String field,
            List<String> keys,
            List<Fault> faults) {
        if (name == null) {
            return Optional.empty();
        }
        Optional<Secret> secret =
                kubernetes
                        .get(Secret.class, names.namespace(), name)
                        .filter(there -> keys.stream().allMatch(key -> holds(there, key)));
        if (secret.isEmpty()) {
            faults.add(
                    Fault.holding(
                            ClusterReason.SECRET_MISSING,
                            "Secret %s, which %s names, is not there or lacks one of %s: make it so"
                                    .formatted(name, field, keys)));
        }
        return secret;
    }

    private static boolean holds(Secret secret, String key) {
        @Nullable Map<String, String> data = secret.getData();
        return data != null && !data.getOrDefault(key, "").isEmpty();
    }
}
