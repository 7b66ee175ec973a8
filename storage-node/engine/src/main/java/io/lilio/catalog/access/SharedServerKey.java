package io.lilio.catalog.access;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server key of a cluster: random, made once, and kept in the metadata, where it is sealed
 * under a key that is derived from the cluster secret (HKDF with SHA-256, RFC 5869). So the nodes
 * share it without being given it, and a new secret costs one record.
 */
public final class SharedServerKey {

    private static final String NAME = "server-key";
    private static final int BYTES = 32;

    private final MetadataStore store;
    private final RandomGenerator random;

    /**
     * @param random cryptographically secure and thread-safe
     */
    public SharedServerKey(MetadataStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /**
     * The key; made when there is none, sealed anew when it was sealed under another than the first
     * secret.
     *
     * @param secrets of the cluster, the one in use first
     * @throws IllegalStateException with a sentence, when none of them opens it
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    public SecretKey establish(List<String> secrets) {
        SecretSeal first = seal(secrets.getFirst());
        while (true) {
            Optional<KeyValue> stored = store.read(List.of(Keys.serverKey())).get(0);
            if (stored.isEmpty()) {
                byte[] fresh = new byte[BYTES];
                random.nextBytes(fresh);
                put(
                        new Compare.Absent(Keys.serverKey()),
                        first.seal(NAME, HexFormat.of().formatHex(fresh)));
                continue;
            }
            Optional<String> key = open(first, stored.get());
            if (key.isPresent()) {
                return new SecretKeySpec(HexFormat.of().parseHex(key.get()), "AES");
            }
            String opened =
                    secrets.stream()
                            .skip(1)
                            .flatMap(secret -> open(seal(secret), stored.get()).stream())
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "The cluster secret is not that of this"
                                                            + " cluster: the server key in its metadata"
                                                            + " cannot be opened with it"));
            put(
                    new Compare.ModRevision(Keys.serverKey(), stored.get().modRevision()),
                    first.seal(NAME, opened));
        }
    }

    private void put(Compare unchanged, Bytes sealed) {
        CommitResult result =
                store.commit(Txn.upkeep().when(unchanged).put(Keys.serverKey(), sealed).build());
        if (result instanceof CommitResult.Unknown(Throwable cause)) {
            throw new MetadataUnavailableException(
                    "it is not known whether the server key was stored", cause);
        }
    }

    private static Optional<String> open(SecretSeal seal, KeyValue stored) {
        try {
            return Optional.of(seal.open(NAME, stored.value()));
        } catch (ObjectStoreException sealedUnderAnother) {
            return Optional.empty();
        }
    }

    private SecretSeal seal(String secret) {
        try {
            SecretKey key =
                    KDF.getInstance("HKDF-SHA256")
                            .deriveKey(
                                    "AES",
                                    HKDFParameterSpec.ofExtract()
                                            .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                                            .thenExpand(
                                                    "lilio server key"
                                                            .getBytes(StandardCharsets.UTF_8),
                                                    BYTES));
            return new SecretSeal(key, random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK does not derive keys by HKDF-SHA256", e);
        }
    }
}
