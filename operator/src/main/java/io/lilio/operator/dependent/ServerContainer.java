package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.lilio.crd.cluster.ImageSpec;
import io.lilio.crd.cluster.ImageSpec.PullPolicy;
import io.lilio.crd.cluster.LilioClusterSpec;

/** A container of the storage node's image, for a node or a job. */
final class ServerContainer {

    private ServerContainer() {}

    static ContainerBuilder of(LilioClusterSpec spec, String name) {
        ImageSpec image = spec.image();
        return new ContainerBuilder()
                .withName(name)
                .withImage(image.repository() + ":" + spec.version())
                .withImagePullPolicy(text(image.pullPolicy()))
                .withSecurityContext(PodSkeleton.containerSecurityContext());
    }

    private static String text(PullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }
}
