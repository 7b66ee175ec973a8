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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one Secret with one access key. A key is made before the Secret that holds it, and the one
 * before is revoked after: clients always find a key that works, unless they lost the Secret.
 *
 * <p>Broken off anywhere, the next pass goes on: that something is under way is written to status
 * first, with the name of the Secret, and taken back last. Until then keys that nobody knows the
 * secret of are looked for and revoked; when nothing is under way, keys are not listed.
 *
 * <p>Of two operators at once one writes the Secret: the other finds that it is not the one which
 * it has read, takes back its own key, and revokes nothing else.
 */
final class BucketCredentials {

    /** So many keys that no Secret holds pile up at most, each of a pass that was broken off. */
    private static final int MANY = 10;

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
     * @throws KubernetesException a conflict when somebody else has written the Secret meanwhile
     */
    void ensure(LiveBucket live, BucketSecret.Address address, KeysApi api) {
        BucketKeys keys = new BucketKeys(api, live.desired());
        Optional<Secret> there = ownSecret(live);
        Optional<Credentials> good = good(there, keys);
        if (good.isPresent() && report(live).areCredentialsSettled()) {
            keep(live, address, there, good.get());
            return;
        }
        removeFormerSecret(live, live.desired());
        live.write(report(live).replacingCredentials());
        // Keys first: of those that are there before the Secret is read, one that comes into it
        // later comes into another Secret than the one that is read here.
        List<String> known = keys.all();
        there = ownSecret(live);
        good = good(there, keys);
        Credentials now;
        if (good.isPresent()) {
            live.requireCurrent();
            now = good.get();
            keep(live, address, there, now);
        } else {
            now = replace(live, address, keys, there, known);
        }
        known.stream().filter(id -> !id.equals(now.id())).forEach(keys::revoke);
    }

    private Optional<Secret> ownSecret(LiveBucket live) {
        DesiredBucket desired = live.desired();
        Optional<Secret> there = secret(desired.namespace(), desired.secret());
        if (there.isPresent() && !Ownership.isOwned(there.get(), live.now())) {
            throw ownedByAnother(desired);
        }
        return there;
    }

    private static Optional<Credentials> good(Optional<Secret> there, BucketKeys keys) {
        return there.flatMap(BucketSecret::credentials).filter(held -> keys.isGood(held.id()));
    }

    /** Puts back what was edited. */
    private void keep(
            LiveBucket live,
            BucketSecret.Address address,
            Optional<Secret> there,
            Credentials credentials) {
        Secret wanted = BucketSecret.of(live.now(), address, credentials);
        if (there.filter(secret -> BucketSecret.says(secret, wanted)).isEmpty()) {
            write(there, wanted, live.desired());
        }
    }

    private Credentials replace(
            LiveBucket live,
            BucketSecret.Address address,
            BucketKeys keys,
            Optional<Secret> former,
            List<String> known) {
        if (known.size() > MANY) {
            // The key in use stays until there is another one.
            Optional<String> used = former.flatMap(BucketSecret::accessKey);
            known.stream().filter(id -> !used.equals(Optional.of(id))).forEach(keys::revoke);
        }
        DesiredBucket desired = live.desired();
        Credentials made = keys.create();
        try {
            write(former, BucketSecret.of(live.now(), address, made), desired);
        } catch (HeldException refused) {
            keys.revoke(made.id());
            throw refused;
        } catch (KubernetesException failed) {
            if (failed.isConflict() && !holds(desired, made.id())) {
                keys.revoke(made.id()); // else nobody would, once the other's pass has ended
            }
            throw failed;
        }
        live.tell(
                "AccessKeyMade",
                "Secret %s holds a new access key, %s, and former ones are revoked"
                        .formatted(desired.secret(), made.id()));
        return made;
    }

    private boolean holds(DesiredBucket desired, String id) {
        return secret(desired.namespace(), desired.secret())
                .flatMap(BucketSecret::accessKey)
                .filter(id::equals)
                .isPresent();
    }

    /** Over the very Secret that was read, or where there was none. */
    private void write(Optional<Secret> read, Secret wanted, DesiredBucket desired) {
        try {
            if (read.isPresent()) {
                wanted.getMetadata()
                        .setResourceVersion(read.get().getMetadata().getResourceVersion());
                kubernetes.apply(wanted);
            } else {
                kubernetes.create(wanted);
            }
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
            new BucketKeys(api, live.desired()).revokeAll();
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
