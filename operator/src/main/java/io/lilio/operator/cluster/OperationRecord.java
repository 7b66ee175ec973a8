package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Operation.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An operation as status tells it: nothing is lost on the way there and back. */
final class OperationRecord {

    private OperationRecord() {}

    /**
     * As it stands in status.
     *
     * @param progress in percent; empty when it is not known
     */
    static ClusterOperation of(Operation operation, Optional<Integer> progress, String target) {
        return new ClusterOperation(
                operation.id().toString(),
                type(operation.type()),
                text(operation.phase()),
                target.isEmpty() ? null : target,
                operation.startedAt(),
                progress.orElse(null),
                operation.epoch(),
                operation.members().stream().map(UUID::toString).toList(),
                operation.ordinal() < 0 ? null : operation.ordinal(),
                operation.pod().isEmpty() ? null : operation.pod());
    }

    /** Why what status tells is not understood; empty when it is. */
    static Optional<String> mystery(ClusterOperation written) {
        try {
            Operation _ = read(written);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Objects.requireNonNullElse(e.getMessage(), "it cannot be read"));
        }
    }

    /**
     * What status tells.
     *
     * @throws IllegalArgumentException when a later operator wrote it, in a way that this one does
     *     not know
     */
    static Operation read(ClusterOperation written) {
        if (written.type() == null) {
            throw new IllegalArgumentException("its type is one of later");
        }
        Phase phase =
                Arrays.stream(Phase.values())
                        .filter(each -> text(each).equals(written.phase()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "there is no phase " + written.phase()));
        List<UUID> members = written.members().stream().map(UUID::fromString).toList();
        @Nullable Long epoch = written.epoch();
        @Nullable Integer ordinal = written.ordinal();
        @Nullable String pod = written.pod();
        return new Operation(
                UUID.fromString(written.id()),
                type(written.type()),
                phase,
                epoch == null ? 0 : epoch,
                members,
                ordinal == null ? -1 : ordinal,
                pod == null ? "" : pod,
                written.startedAt());
    }

    /** As phases are written: {@code Moving}. */
    static String text(Phase phase) {
        return switch (phase) {
            case ASKING -> "Asking";
            case MOVING -> "Moving";
            case CANCELLING -> "Cancelling";
            case SHRINKING -> "Shrinking";
            case RESTARTING -> "Restarting";
            case RENEWING -> "Renewing";
        };
    }

    /** As types are written: {@code ScaleUp}. */
    static String text(ClusterOperation.Type type) {
        return Arrays.stream(type.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** What administrators know it as. */
    static ClusterOperation.Type type(Operation.Type type) {
        return switch (type) {
            case ADMIT -> ClusterOperation.Type.SCALE_UP;
            case DRAIN -> ClusterOperation.Type.SCALE_DOWN;
            case SHRINK -> ClusterOperation.Type.REMOVE_POD;
            case MARK_LOST -> ClusterOperation.Type.REPAIR;
            case REPLACE -> ClusterOperation.Type.REPLACE;
            case READMIT -> ClusterOperation.Type.READMIT;
            case RELOCATE -> ClusterOperation.Type.RELOCATE;
            case REMOVE -> ClusterOperation.Type.REMOVE_MEMBER;
            case RESTART -> ClusterOperation.Type.RESTART;
        };
    }

    private static Operation.Type type(ClusterOperation.Type type) {
        return switch (type) {
            case SCALE_UP -> Operation.Type.ADMIT;
            case SCALE_DOWN -> Operation.Type.DRAIN;
            case REMOVE_POD -> Operation.Type.SHRINK;
            case REPAIR -> Operation.Type.MARK_LOST;
            case REPLACE -> Operation.Type.REPLACE;
            case READMIT -> Operation.Type.READMIT;
            case RELOCATE -> Operation.Type.RELOCATE;
            case REMOVE_MEMBER -> Operation.Type.REMOVE;
            case RESTART -> Operation.Type.RESTART;
        };
    }
}
