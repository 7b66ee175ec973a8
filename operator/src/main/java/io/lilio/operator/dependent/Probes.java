package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/** Questions that kubelet asks containers over HTTP. */
final class Probes {

    /** How long an answer may take, in seconds: a busy machine is no reason to kill anybody. */
    private static final int TIMEOUT_SECONDS = 5;

    private Probes() {}

    /**
     * One that is asked again and again.
     *
     * @param failures so many in a row count
     */
    static Probe http(Port port, String path, int everySeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(port.reference())
                .endHttpGet()
                .withPeriodSeconds(everySeconds)
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .withFailureThreshold(failures)
                .build();
    }
}
