package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.BucketPage;
import io.lilio.admin.api.BucketRemoval;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.KeyPage;
import io.lilio.admin.api.KeyStatus;
import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NewKey;
import io.lilio.admin.api.NodeStatus;
import io.lilio.admin.api.ObjectAtRisk;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.operation.OperationState;
import io.lilio.chunk.BackendHealth;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.MemberState;
import io.lilio.placement.Replication;
import io.lilio.replication.BreakerState;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description that is served is a copy: it has to say what the interfaces say. */
class OpenApiDocumentTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** With {@code -Dlilio.openapi.write} the copy is made anew. */
    @Test
    void theDocumentThatIsServedSaysWhatTheInterfacesSay() throws IOException {
        String says =
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(OpenApiDocument.ofInterfaces());
        if (System.getProperty("lilio.openapi.write") != null) {
            Files.writeString(Path.of("src/main/resources/openapi.json"), says + "\n");
        }
        assertThat(JSON.readTree(new OpenApiResource().document())).isEqualTo(JSON.readTree(says));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ApiError.class,
                BrakeStatus.class,
                BucketPage.class,
                BucketRemoval.class,
                BucketStatus.class,
                ClusterStatus.class,
                ClusterStatus.Metadata.class,
                KeyPage.class,
                KeyStatus.class,
                LossPage.class,
                MemberStatus.class,
                MemberStatus.Calls.class,
                MemberStatus.Health.class,
                MemberStatus.Usage.class,
                NewKey.class,
                NodeStatus.class,
                NodeStatus.NodeMember.class,
                ObjectAtRisk.class,
                OperationStatus.class,
                OperationStatus.Progress.class,
                RingChangeStatus.class,
                RingOperation.class,
                RingStatus.class,
                RingStatus.Replication.class,
                RingStatus.RingMember.class
            })
    void ofAnAnswerAllIsRequiredThatIsNeverAbsent(Class<?> answer) {
        List<String> present =
                Arrays.stream(answer.getRecordComponents())
                        .filter(
                                each ->
                                        !each.getAnnotatedType()
                                                .isAnnotationPresent(Nullable.class))
                        .map(RecordComponent::getName)
                        .toList();
        assertThat(answer.getAnnotation(Schema.class).requiredProperties())
                .containsExactlyElementsOf(present);
    }

    static Stream<Arguments> enumerations() {
        List<String> kinds =
                Arrays.stream(TaskKind.values())
                        .filter(TaskKind::recorded)
                        .map(TaskKind::id)
                        .toList();
        return Stream.of(
                arguments("BucketStatus", "versioning", names(Versioning.values())),
                arguments("BucketRequest", "versioning", names(Versioning.values())),
                arguments("OperationStatus", "state", names(OperationState.values())),
                arguments("OperationStatus", "kind", kinds),
                arguments("OperationRequest", "kind", kinds),
                arguments("RingMember", "state", names(MemberState.values())),
                arguments("MemberStatus", "state", names(MemberState.values())),
                arguments(
                        "RingOperation",
                        "type",
                        names(io.lilio.placement.RingOperation.Type.values())),
                arguments("RingChangeStatus", "outcome", names(EndedOperation.Outcome.values())),
                arguments("Replication", "spread", names(Replication.Spread.values())),
                arguments("Health", "state", names(BackendHealth.State.values())),
                arguments("Calls", "reads", names(BreakerState.values())),
                arguments("Calls", "writes", names(BreakerState.values())));
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("enumerations")
    void allIsNamedThatTheEngineMayAnswer(String schema, String property, List<String> values)
            throws IOException {
        JsonNode named =
                JSON.readTree(new OpenApiResource().document())
                        .at(
                                "/components/schemas/%s/properties/%s/enum"
                                        .formatted(schema, property));
        assertThat(named).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(values);
    }
}
