package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.operator.plan.Operation;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationRecordTest {

    private static final Operation OPERATION =
            new Operation(
                    new UUID(1, 2),
                    Operation.Type.DRAIN,
                    Operation.Phase.MOVING,
                    7,
                    List.of(new UUID(3, 4), new UUID(5, 6)),
                    4,
                    "uid-4",
                    Instant.parse("2026-12-01T12:00:00Z"));

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackFromStatus(Operation.Type type) {
        Operation operation =
                new Operation(
                        OPERATION.id(),
                        type,
                        Operation.Phase.ASKING,
                        0,
                        List.of(),
                        -1,
                        "",
                        OPERATION.startedAt());
        assertThat(throughYaml(operation)).isEqualTo(operation);
    }

    @ParameterizedTest
    @EnumSource
    void everyPhaseComesBackFromStatus(Operation.Phase phase) {
        assertThat(throughYaml(OPERATION.in(phase))).isEqualTo(OPERATION.in(phase));
    }

    private static Operation throughYaml(Operation operation) {
        KubernetesSerialization yaml = new KubernetesSerialization();
        ClusterOperation record = OperationRecord.of(operation, Optional.of(25), "demo-4");
        return OperationRecord.read(yaml.unmarshal(yaml.asYaml(record), ClusterOperation.class));
    }

    @Test
    void namesAreOneToOne() {
        Set<ClusterOperation.Type> names = new HashSet<>();
        Arrays.stream(Operation.Type.values()).map(OperationRecord::type).forEach(names::add);
        assertThat(names).containsExactlyInAnyOrder(ClusterOperation.Type.values());
    }

    @ParameterizedTest
    @EnumSource
    void typesAreToldAsTheyAreWritten(ClusterOperation.Type type) {
        assertThat(new KubernetesSerialization().asYaml(type))
                .contains("\"" + OperationRecord.text(type) + "\"");
    }

    @Test
    void whatALaterOperatorWroteIsNotGuessedAt() {
        ClusterOperation later =
                new ClusterOperation(
                        OPERATION.id().toString(),
                        ClusterOperation.Type.REPAIR,
                        "Pondering",
                        null,
                        OPERATION.startedAt(),
                        null,
                        null,
                        null,
                        null,
                        null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OperationRecord.read(later))
                .withMessageContaining("Pondering");
    }
}
