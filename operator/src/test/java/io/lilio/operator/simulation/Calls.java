package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.Supplier;

/** What happens around the calls of an operator's process: faults, others' steps, looks. */
interface Calls {

    /** A read is about to be made. */
    void reading(Target target, String what);

    /** Makes a write, or not, and answers, or not. */
    <T> T writing(Target target, Write write, Supplier<T> effect);

    /** Who is called. */
    enum Target {
        KUBERNETES,
        ADMIN_API
    }

    /**
     * A write.
     *
     * @param what such as {@code apply StatefulSet} or {@code RingApi.admit}
     * @param object that is written; for the admin API the arguments as text, in its name
     * @param number that is written: of pods, or nothing
     */
    record Write(String what, HasMetadata object, int number) {

        String name() {
            return object.getMetadata().getName();
        }

        boolean isOf(String verb, String kind) {
            return what.equals(verb + " " + kind);
        }
    }
}
