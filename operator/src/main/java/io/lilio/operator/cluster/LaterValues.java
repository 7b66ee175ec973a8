package io.lilio.operator.cluster;

import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.LilioClusterStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a later operator has written and this one does not know: words that were read as none
 * ({@link io.lilio.crd.schema.OpenEnum}), and operations. Pure functions.
 */
final class LaterValues {

    private LaterValues() {}

    /** What is not known, and what an administrator can do; empty when all is known. */
    static Optional<String> of(LilioCluster cluster) {
        return ofSpec(cluster.getSpec()).or(() -> ofStatus(cluster.getStatus()));
    }

    /** The same of the spec alone. */
    static Optional<String> ofSpec(LilioClusterSpec spec) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("image.pullPolicy", spec.image().pullPolicy());
        words.put("replication.spread", spec.replication().spread());
        words.put("storage.durability", spec.storage().durability());
        words.put("s3.serviceType", spec.s3().serviceType());
        words.put("deletionPolicy", spec.deletionPolicy());
        String fields =
                words.entrySet().stream()
                        .filter(word -> word.getValue() == null)
                        .map(word -> "spec." + word.getKey())
                        .collect(Collectors.joining(", "));
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ("this operator does not know what %s says, so it leaves everything as it"
                                        + " is: bring the later operator back that does, or set a value"
                                        + " that this one knows")
                                .formatted(fields));
    }

    private static Optional<String> ofStatus(@Nullable LilioClusterStatus status) {
        return Optional.ofNullable(status)
                .map(LilioClusterStatus::operation)
                .flatMap(OperationRecord::mystery)
                .map(
                        why ->
                                "a later operator has written status.operation, and "
                                        + why
                                        + ": bring that operator back, and let it end what it has"
                                        + " begun");
    }
}
