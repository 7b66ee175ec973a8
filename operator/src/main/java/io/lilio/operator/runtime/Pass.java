package io.lilio.operator.runtime;

import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.bucket.BucketPass;
import io.lilio.operator.cluster.ClusterPass;
import java.util.function.Function;

/**
 * What is done to a resource each time that it is looked at. Both throw {@link
 * io.lilio.operator.kube.KubernetesException} when Kubernetes does not answer.
 *
 * @param run brings what is nearer to what the resource asks for
 * @param delete the same on the way to its end
 */
record Pass<R>(Function<R, Report> run, Function<R, Report> delete) {

    static Pass<LilioCluster> of(ClusterPass pass) {
        return new Pass<>(
                cluster -> Report.of(pass.run(cluster)),
                cluster -> Report.of(pass.delete(cluster)));
    }

    static Pass<LilioBucket> of(BucketPass pass) {
        return new Pass<>(
                bucket -> Report.of(pass.run(bucket)), bucket -> Report.of(pass.delete(bucket)));
    }
}
