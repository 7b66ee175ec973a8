package io.lilio.operator.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was seen before a plan was made.
 *
 * @param now the time
 * @param set the StatefulSet's name: its pods, which are the ring's nodes, are it, a minus sign and
 *     their ordinal
 * @param replicas of the StatefulSet; empty while there is none
 * @param pods that there are, in any order
 * @param places of Kubernetes nodes by their names; those that are not known are not in it
 * @param answers of the admin API; empty when no node answers
 * @param refusals what the ring refused lately
 */
public record Observed(
        Instant now,
        String set,
        OptionalInt replicas,
        List<PodState> pods,
        Map<String, Place> places,
        Optional<Answers> answers,
        List<Refusal> refusals) {

    public Observed {
        pods = List.copyOf(pods);
        places = Map.copyOf(places);
        refusals = List.copyOf(refusals);
    }

    /** The name of a pod, which is also that of its node in the ring. */
    public String node(int ordinal) {
        return set + "-" + ordinal;
    }

    /** The ordinal of a node's pod; -1 when it is none of the StatefulSet's. */
    public int ordinal(String node) {
        String number = node.startsWith(set + "-") ? node.substring(set.length() + 1) : "";
        return number.matches("0|[1-9][0-9]{0,4}") ? Integer.parseInt(number) : -1;
    }

    /** The same, with what became of the command of the operation under way. */
    public Observed with(Answers.Change change) {
        return new Observed(
                now,
                set,
                replicas,
                pods,
                places,
                answers.map(known -> known.with(change)),
                refusals);
    }

    Optional<Refusal> refusal(Operation operation) {
        return refusals.stream().filter(refusal -> refusal.concerns(operation)).findFirst();
    }

    Optional<PodState> pod(int ordinal) {
        return pods.stream().filter(pod -> pod.ordinal() == ordinal).findFirst();
    }
}
