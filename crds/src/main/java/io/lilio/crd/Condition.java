package io.lilio.crd;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.Syntax;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One aspect of a resource's state, in the form that Kubernetes gives conditions.
 *
 * @param type what it is about, such as {@code Ready}; at most one condition has it
 * @param status whether it holds: {@code True}, {@code False} or {@code Unknown}
 * @param observedGeneration the {@code metadata.generation} that it was found for; where that is
 *     smaller than the resource's own, it says nothing about the present spec
 * @param lastTransitionTime when {@code status} changed last
 * @param reason why, as one word for programs
 * @param message why, as a sentence for people: what is waited for, since when, and what an
 *     administrator can do
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
        @Required @Size(min = 1, max = Syntax.WORD_MAX) @Pattern(Syntax.WORD) String type,
        @Required @OpenEnum ConditionStatus status,
        @Required @Min(0) long observedGeneration,
        @Required @JsonFormat(shape = JsonFormat.Shape.STRING) Instant lastTransitionTime,
        @Required @Size(min = 1, max = Syntax.WORD_MAX) @Pattern(Syntax.WORD) String reason,
        @Required @Size(max = MAX_MESSAGE) String message) {

    /** The longest message, in characters. */
    public static final int MAX_MESSAGE = 4_096;

    /** Times are kept to the second, as Kubernetes does; a message that is too long is cut. */
    public Condition {
        status = status == null ? ConditionStatus.UNKNOWN : status;
        lastTransitionTime = lastTransitionTime.truncatedTo(ChronoUnit.SECONDS);
        message = message.substring(0, Math.min(message.length(), MAX_MESSAGE));
    }

    /**
     * @param generation the {@code metadata.generation} that it was found for
     * @param since when the status changed last
     */
    public static Condition of(
            ConditionType type,
            ConditionStatus status,
            ConditionReason reason,
            String message,
            long generation,
            Instant since) {
        return new Condition(type.text(), status, generation, since, reason.text(), message);
    }
}
