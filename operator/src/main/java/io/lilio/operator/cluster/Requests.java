package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.TemplateIdentity;
import io.lilio.operator.plan.Desired;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What administrators ask for by annotations, each of which names members by their ids: one to be
 * replaced, of the others several with commas between them.
 *
 * @param lost members that are gone for good
 * @param acceptsDataLoss those of them that are given up although no copy of something may remain
 * @param replace who is to be replaced
 * @param faults what cannot be understood
 */
record Requests(
        Set<UUID> lost, Set<UUID> acceptsDataLoss, Optional<UUID> replace, List<Fault> faults) {

    static final String ACKNOWLEDGE_LOST = "lilio.io/acknowledge-lost";
    static final String ACCEPT_DATA_LOSS = "lilio.io/accept-data-loss";
    static final String REPLACE = "lilio.io/replace";

    private static final Pattern COMMA = Pattern.compile(",");

    Requests {
        lost = Set.copyOf(lost);
        acceptsDataLoss = Set.copyOf(acceptsDataLoss);
        faults = List.copyOf(faults);
    }

    /** What a resource's annotations say. */
    static Requests of(LilioCluster cluster) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.of());
        List<Fault> faults = new ArrayList<>();
        List<UUID> replace = members(annotations, REPLACE, faults);
        if (replace.size() > 1) {
            faults.add(
                    Fault.warning(
                            ClusterReason.SPEC_IMPOSSIBLE,
                            "annotation %s names several members: one is replaced at a time, %s now"
                                    .formatted(REPLACE, replace.getFirst())));
        }
        return new Requests(
                new HashSet<>(members(annotations, ACKNOWLEDGE_LOST, faults)),
                new HashSet<>(members(annotations, ACCEPT_DATA_LOSS, faults)),
                replace.stream().findFirst(),
                faults);
    }

    private static List<UUID> members(
            Map<String, String> annotations, String name, List<Fault> faults) {
        List<UUID> members = new ArrayList<>();
        for (String each : COMMA.split(annotations.getOrDefault(name, ""), -1)) {
            String text = each.strip();
            if (text.isEmpty()) {
                continue;
            }
            Optional<UUID> id = id(text);
            id.ifPresent(members::add);
            if (id.isEmpty()) {
                faults.add(
                        Fault.warning(
                                ClusterReason.SPEC_IMPOSSIBLE,
                                ("annotation %s names %s, which is no id of a member: take one of"
                                                + " status.members")
                                        .formatted(name, text)));
            }
        }
        return members;
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * What a resource asks for, its annotations included.
     *
     * @param etcdCertificate as in {@link TemplateIdentity#of}
     */
    Desired desired(LilioCluster cluster, boolean etcdCertificate) {
        return new Desired(
                cluster.getSpec().replicas(),
                TemplateIdentity.of(cluster, etcdCertificate),
                cluster.getSpec().paused(),
                lost,
                !lost.isEmpty() && acceptsDataLoss.containsAll(lost),
                replace);
    }
}
