package io.lilio.operator.bucket;

import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucketSpec;

/**
 * Words of a spec that a later operator knows and this one has read as none ({@link
 * io.lilio.crd.schema.OpenEnum}). One of {@code versioning} counts as absent: the bucket keeps the
 * one it has. Pure.
 */
final class LaterValues {

    private LaterValues() {}

    /**
     * @throws HeldException when the spec says what is not known
     */
    static void requireNone(LilioBucketSpec spec) {
        requireKnownPolicy(spec);
        if (spec.credentials().role() == null) {
            throw held("spec.credentials.role");
        }
    }

    /**
     * @throws HeldException when it is not known what becomes of the bucket in the end
     */
    static void requireKnownPolicy(LilioBucketSpec spec) {
        if (spec.deletionPolicy() == null) {
            throw held("spec.deletionPolicy");
        }
    }

    private static HeldException held(String field) {
        return new HeldException(
                BucketReason.NOT_YET_OBSERVED,
                ("this operator does not know what %s says, so it leaves everything as it is: bring"
                                + " the later operator back that does, or set a value that this one"
                                + " knows")
                        .formatted(field));
    }
}
