package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Tells administrators what happens to a resource, by Kubernetes' Events ({@code kubectl describe}
 * shows them). Thread-safe. Never throws and never waits: what cannot be told is logged.
 *
 * <p>The same said again is no new Event, so a pass may say it each time that it finds it so.
 */
public interface Events {

    /**
     * What goes as it should.
     *
     * @param about a resource as it was read, with its uid
     * @param reason one word in CamelCase, for programs; at most 128 characters
     * @param note for people; what is beyond 1,024 bytes is cut off
     */
    void normal(HasMetadata about, String reason, String note);

    /** What somebody may have to do something about; otherwise as {@link #normal}. */
    void warning(HasMetadata about, String reason, String note);
}
