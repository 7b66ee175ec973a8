package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is about: one at a time, written down here before its first side effect, with
 * all that it needs to go on after a restart.
 *
 * @param id names it, here and in the ring
 * @param type what it is for
 * @param phase how far it is, as one word: {@code Asking} the ring to change, {@code Moving} data,
 *     {@code Cancelling}, {@code Shrinking} the StatefulSet, {@code Restarting} a pod, {@code
 *     Renewing} a pod with its volume
 * @param target what it is about, for people: a pod or members
 * @param startedAt when it was begun
 * @param progress share of its present phase that is done, in percent, rounded
 * @param epoch version of the placement of data that it was planned by
 * @param members identities of the members that it is about; of a replacement, the old one first
 * @param ordinal number of the storage pod that it is about; absent when it is about none, or
 *     several
 * @param pod uid of that pod as it was when the operation began; absent when there was none
 */
@ResourcePart
public record ClusterOperation(
        @Required @Size(min = Syntax.UUID_LENGTH, max = Syntax.UUID_LENGTH) @Pattern(Syntax.UUID)
                String id,
        @Required @OpenEnum Type type,
        @Required @Size(min = 1, max = Syntax.WORD_MAX) @Pattern(Syntax.WORD) String phase,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String target,
        @Required @JsonFormat(shape = JsonFormat.Shape.STRING) Instant startedAt,
        @Min(0) @Max(100) @Nullable Integer progress,
        @Min(0) @Nullable Long epoch,
        @Size(max = LilioClusterStatus.MAX_MEMBERS)
                List<
                                @Size(min = Syntax.UUID_LENGTH, max = Syntax.UUID_LENGTH)
                                @Pattern(Syntax.UUID) String>
                        members,
        @Min(0) @Max(1_000) @Nullable Integer ordinal,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String pod) {

    public ClusterOperation {
        members = members == null ? List.of() : List.copyOf(members);
    }

    /** What an operation is for. */
    public enum Type {
        /** Members of new storage nodes take their share. */
        @JsonProperty("ScaleUp")
        SCALE_UP,
        /** The highest storage node gives away what it holds, and then goes. */
        @JsonProperty("ScaleDown")
        SCALE_DOWN,
        /** The highest storage pod, which holds nothing, goes. */
        @JsonProperty("RemovePod")
        REMOVE_POD,
        /** Members are lost, as an administrator has acknowledged; others copy what they held. */
        @JsonProperty("Repair")
        REPAIR,
        /** A member that is lost or fails gives way to a new one. */
        @JsonProperty("Replace")
        REPLACE,
        /** A member that was lost and came back is taken in again. */
        @JsonProperty("Readmit")
        READMIT,
        /** Members are on other machines, or in other zones, than before. */
        @JsonProperty("Relocate")
        RELOCATE,
        /** A member that holds nothing is struck off. */
        @JsonProperty("RemoveMember")
        REMOVE_MEMBER,
        /** A storage pod is started again, from another version or pod template. */
        @JsonProperty("Restart")
        RESTART
    }
}
