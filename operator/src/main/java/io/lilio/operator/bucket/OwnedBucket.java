package io.lilio.operator.bucket;

import io.lilio.admin.api.BucketRelease;
import io.lilio.admin.api.BucketRemoval;
import io.lilio.admin.api.BucketRequest;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.BucketVersioning;
import io.lilio.admin.api.BucketsApi;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.operator.admin.AdminApiException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of the cluster for which a LilioBucket stands. The cluster compares owners with each
 * change, so that nothing here touches what is somebody else's.
 */
final class OwnedBucket {

    /** How it stands with a bucket that is to go. */
    enum Removal {
        /** It is not there any more, or somebody else's. */
        GONE,
        /** Some of what it held is gone; ask again. */
        UNDER_WAY,
        /** It holds something, which was not to be removed. */
        NOT_EMPTY
    }

    private static final String NO_SUCH_BUCKET = "NoSuchBucket";
    private static final String OWNED_BY_ANOTHER = "BucketOwnedByAnother";

    private final BucketsApi api;
    private final String name;
    private final String owner;

    OwnedBucket(BucketsApi api, DesiredBucket desired) {
        this.api = api;
        this.name = desired.bucket();
        this.owner = desired.uid();
    }

    /** As it is; empty when there is none of its name. */
    Optional<BucketStatus> find() {
        try {
            return Optional.of(api.get(name));
        } catch (AdminApiException refused) {
            if (refused.code().equals(NO_SUCH_BUCKET)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    boolean isOwn(BucketStatus bucket) {
        return owner.equals(bucket.owner());
    }

    /**
     * Makes it the owner's.
     *
     * @param found as {@link #find} says
     * @throws HeldException when it is somebody else's, or nobody's and not to be adopted
     */
    BucketStatus claim(LilioBucketSpec spec, Optional<BucketStatus> found) {
        if (found.isPresent() && isOwn(found.get())) {
            return found.get();
        }
        try {
            return api.create(
                    new BucketRequest(
                            name, versioning(spec.versioning()), owner, spec.adoptExisting()));
        } catch (AdminApiException refused) {
            throw switch (refused.code()) {
                case OWNED_BY_ANOTHER -> ownedByAnother();
                case "BucketExists" ->
                        new HeldException(
                                BucketReason.BUCKET_EXISTS,
                                ("bucket %s is there and belongs to nobody: set spec.adoptExisting"
                                                + " to take it over with all that is in it, or make"
                                                + " a LilioBucket with another bucketName")
                                        .formatted(name));
                default -> refused;
            };
        }
    }

    private HeldException ownedByAnother() {
        return new HeldException(
                BucketReason.BUCKET_OWNED_BY_ANOTHER,
                ("bucket %s belongs to another LilioBucket: delete that one with deletionPolicy"
                                + " Retain, or, if there is none any more, release the bucket by"
                                + " the admin API, and set spec.adoptExisting")
                        .formatted(name));
    }

    /** Gives it the versioning that the spec has; without one it keeps its own. */
    BucketStatus version(LilioBucketSpec spec, BucketStatus bucket) {
        @Nullable String wanted = versioning(spec.versioning());
        if (wanted == null || wanted.equals(bucket.versioning())) {
            return bucket;
        }
        return api.setVersioning(name, new BucketVersioning(owner, wanted));
    }

    private static @Nullable String versioning(LilioBucketSpec.@Nullable Versioning versioning) {
        if (versioning == null) {
            return null;
        }
        return switch (versioning) {
            case ENABLED -> "ENABLED";
            case SUSPENDED -> "SUSPENDED";
        };
    }

    /** Gives it up, and keeps it. One that is not the owner's, or not there, is no error. */
    void release() {
        try {
            api.release(name, new BucketRelease(owner));
        } catch (AdminApiException refused) {
            requireNotOurs(refused);
        }
    }

    /**
     * Removes it.
     *
     * @param contents whether all that it holds goes too
     */
    Removal remove(boolean contents) {
        try {
            BucketRemoval removal = api.delete(name, owner, contents ? "delete" : "refuse");
            return removal.gone() ? Removal.GONE : Removal.UNDER_WAY;
        } catch (AdminApiException refused) {
            if (refused.code().equals("BucketNotEmpty")) {
                return Removal.NOT_EMPTY;
            }
            requireNotOurs(refused);
            return Removal.GONE;
        }
    }

    private static void requireNotOurs(AdminApiException refused) {
        if (!refused.code().equals(NO_SUCH_BUCKET) && !refused.code().equals(OWNED_BY_ANOTHER)) {
            throw refused;
        }
    }
}
