package io.lilio.catalog.access;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.metadata.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals the secrets of access keys with AES-GCM (NIST SP 800-38D): a random nonce of 12 bytes, the
 * ciphertext, a tag of 16 bytes; the key's id is authenticated too, so that no sealed secret can be
 * put under another id. Thread-safe.
 */
final class SecretSeal {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey serverKey;
    private final RandomGenerator random;

    /**
     * @param serverKey an AES key of 256 bits
     * @param random cryptographically secure and thread-safe
     */
    SecretSeal(SecretKey serverKey, RandomGenerator random) {
        this.serverKey = serverKey;
        this.random = random;
    }

    Bytes seal(String id, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, id, nonce)
                            .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return Bytes.wrap(nonce).plus(Bytes.wrap(sealed));
        } catch (GeneralSecurityException e) {
            throw new ObjectStoreException(
                    Kind.INTERNAL, "The secret of an access key could not be sealed.", e);
        }
    }

    /**
     * @throws ObjectStoreException {@code INTERNAL} when it was sealed with another server key, or
     *     altered
     */
    String open(String id, Bytes sealed) {
        byte[] bytes = sealed.array();
        byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
        try {
            byte[] secret =
                    cipher(Cipher.DECRYPT_MODE, id, nonce)
                            .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return new String(secret, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new ObjectStoreException(
                    Kind.INTERNAL,
                    "The secret of access key " + id + " cannot be opened with this server key.",
                    e);
        }
    }

    private Cipher cipher(int mode, String id, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, serverKey, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(id.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
