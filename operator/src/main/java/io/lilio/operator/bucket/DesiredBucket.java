package io.lilio.operator.bucket;

import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import java.util.Objects;

/**
 * What a LilioBucket says, with its defaults.
 *
 * @param uid of the resource: the bucket's owner, and what its access keys are known by
 * @param namespace of the resource and of its Secret
 * @param resource the resource's name
 * @param bucket name of the bucket
 * @param secret name of the Secret
 * @param role what the access key may do
 */
record DesiredBucket(
        String uid, String namespace, String resource, String bucket, String secret, Role role) {

    static DesiredBucket of(LilioBucket resource) {
        LilioBucketSpec spec = resource.getSpec();
        String name = resource.getMetadata().getName();
        return new DesiredBucket(
                resource.getMetadata().getUid(),
                resource.getMetadata().getNamespace(),
                name,
                Objects.requireNonNullElse(spec.bucketName(), name),
                Objects.requireNonNullElse(spec.credentials().secretName(), name),
                spec.credentials().role());
    }
}
