package io.lilio.server.rpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the nodes of a cluster know and nobody else: they prove it to each other and never send it.
 *
 * <p>A secret is exchanged without an interruption in three steps, each on every node before the
 * next: accept the new one besides, use it while accepting the old one, accept it alone.
 */
public final class ClusterSecrets {

    /** Characters: what somebody who listened to a handshake could not guess. */
    public static final int MIN_LENGTH = 16;

    private final List<SecretKey> accepted;

    /**
     * @param used the one that this node proves to those that it connects to
     * @param alsoAccepted another one that those who connect may prove
     */
    public ClusterSecrets(String used, Optional<String> alsoAccepted) {
        List<SecretKey> keys = new ArrayList<>();
        keys.add(key(used));
        alsoAccepted.ifPresent(secret -> keys.add(key(secret)));
        this.accepted = List.copyOf(keys);
    }

    private static SecretKey key(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a cluster secret has at least " + MIN_LENGTH + " characters");
        }
        return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), Proofs.ALGORITHM);
    }

    SecretKey used() {
        return accepted.getFirst();
    }

    /** The one in use first. */
    List<SecretKey> accepted() {
        return accepted;
    }

    /** Without them. */
    @Override
    public String toString() {
        return "ClusterSecrets[" + accepted.size() + "]";
    }
}
