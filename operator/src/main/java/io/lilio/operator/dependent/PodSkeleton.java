package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.PodSettings;
import java.util.Optional;

/**
 * What all pods of a cluster have in common: they meet the restricted Pod Security Standard, know
 * nothing of Kubernetes, and may run where the spec lets storage pods run.
 */
final class PodSkeleton {

    /** The user and group of the images. */
    private static final long USER = 10_001;

    private PodSkeleton() {}

    /** A pod without containers. */
    static PodSpecBuilder of(LilioCluster cluster) {
        LilioClusterSpec spec = cluster.getSpec();
        PodSpecBuilder pod =
                new PodSpecBuilder()
                        .withServiceAccountName(Names.of(cluster).storageNodes())
                        .withAutomountServiceAccountToken(false)
                        // Variables such as LILIO_PORT, after Services, are not for these programs.
                        .withEnableServiceLinks(false)
                        .withSecurityContext(securityContext(spec))
                        .withImagePullSecrets(spec.image().pullSecrets());
        PodSettings settings = spec.pod();
        return settings == null
                ? pod
                : pod.withNodeSelector(settings.nodeSelector())
                        .withTolerations(settings.tolerations())
                        .withPriorityClassName(settings.priorityClassName());
    }

    /** The part of the standard that containers have to keep by themselves. */
    static SecurityContext containerSecurityContext() {
        Capabilities none = new CapabilitiesBuilder().withDrop("ALL").build();
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withCapabilities(none)
                .build();
    }

    private static PodSecurityContext securityContext(LilioClusterSpec spec) {
        return Optional.ofNullable(spec.pod())
                .map(PodSettings::securityContext)
                .orElseGet(PodSkeleton::restricted);
    }

    private static PodSecurityContext restricted() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                // A volume with millions of files is not to be walked at each start.
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
