package io.lilio.operator.bucket;

import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.admin.api.KeysApi;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.operator.kube.ForeignObjectException;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.kube.Ownership;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one Secret with one access key. A key is made before the Secret that holds it, and the one
 * before is revoked after: clients always find a key that works, unless they lost the Secret.
 *
 * <p>Broken off anywhere, the next pass goes on: that something is under way is written to status
 * first, with the name of the Secret, and taken back last. Until then keys that nobody knows the
 * secret of are looked for and revoked; when nothing is under way, keys are not listed.
 */
final class BucketCredentials {

    private final Kubernetes kubernetes;
    private final InstantSource clock;

    BucketCredentials(Kubernetes kubernetes, InstantSource clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    /**
     * Makes Secret and key what they are to be.
     *
     * @throws HeldException when the Secret is somebody else's, or Kubernetes does not take it
     */
    void ensure(LiveBucket live, BucketSecret.Address address, KeysApi api) {
        DesiredBucket desired = live.desired();
        Optional<Secret> there = secret(desired.namespace(), desired.secret());
        if (there.isPresent() && !Ownership.isOwned(there.get(), live.now())) {
            throw ownedByAnother(desired);
        }
        BucketKeys keys = new BucketKeys(api, desired);
        Optional<Credentials> good =
                there.flatMap(BucketSecret::credentials).filter(held -> keys.isGood(held.id()));
        if (good.isPresent() && report(live).areCredentialsSettled()) {
            keep(live, address, there, good.get());
            return;
        }
        removeFormerSecret(live, desired);
        live.write(report(live).replacingCredentials());
        Credentials now;
        if (good.isPresent()) {
            now = good.get();
            keep(live, address, there, now);
        } else {
            now = replace(live, address, keys, there);
        }
        keys.revokeAllBut(Optional.of(now.id()));
    }

    /** Puts back what was edited. */
    private void keep(
            LiveBucket live,
            BucketSecret.Address address,
            Optional<Secret> there,
            Credentials credentials) {
        Secret wanted = BucketSecret.of(live.now(), address, credentials);
        if (there.filter(secret -> BucketSecret.says(secret, wanted)).isEmpty()) {
            apply(wanted, live.desired());
        }
    }

    private Credentials replace(
            LiveBucket live,
            BucketSecret.Address address,
            BucketKeys keys,
            Optional<Secret> former) {
        // The key in use stays until there is another one; strays would pile up.
        keys.revokeAllBut(former.flatMap(BucketSecret::accessKey));
        DesiredBucket desired = live.desired();
        Credentials made = keys.create();
        try {
            apply(BucketSecret.of(live.now(), address, made), desired);
        } catch (HeldException refused) {
            keys.revoke(made.id());
            throw refused;
        }
        live.tell(
                "AccessKeyMade",
                "Secret %s holds a new access key, %s, and former ones are revoked"
                        .formatted(desired.secret(), made.id()));
        return made;
    }

    private void apply(Secret wanted, DesiredBucket desired) {
        try {
            kubernetes.apply(wanted);
        } catch (ForeignObjectException another) {
            throw ownedByAnother(desired);
        } catch (KubernetesException refused) {
            if (!refused.isRefusal()) {
                throw refused;
            }
            throw new HeldException(
                    BucketReason.NOT_YET_OBSERVED,
                    "Kubernetes does not take Secret %s: %s"
                            .formatted(desired.secret(), refused.getMessage()));
        }
    }

    private static HeldException ownedByAnother(DesiredBucket desired) {
        return new HeldException(
                BucketReason.SECRET_OWNED_BY_ANOTHER,
                ("Secret %s is there and belongs to somebody else: remove it, or name another one"
                                + " in spec.credentials.secretName")
                        .formatted(desired.secret()));
    }

    /** Revokes all keys and removes the Secret, of a bucket that is somebody else's by now. */
    void withdraw(LiveBucket live, KeysApi api) {
        if (live.status().secret() != null) {
            new BucketKeys(api, live.desired()).revokeAllBut(Optional.empty());
            removeSecret(live.now(), live.status().secret());
        }
    }

    private void removeFormerSecret(LiveBucket live, DesiredBucket desired) {
        @Nullable String former = live.status().secret();
        if (former != null && !former.equals(desired.secret())) {
            removeSecret(live.now(), former);
        }
    }

    private void removeSecret(LilioBucket bucket, String name) {
        secret(bucket.getMetadata().getNamespace(), name)
                .filter(secret -> Ownership.isOwned(secret, bucket))
                .ifPresent(kubernetes::delete);
    }

    private Optional<Secret> secret(String namespace, String name) {
        return kubernetes.get(Secret.class, namespace, name);
    }

    private BucketReport report(LiveBucket live) {
        return new BucketReport(live.now(), clock.instant());
    }
}
