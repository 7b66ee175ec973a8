package io.lilio.server.rpc;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * What the two ends of a connection show each other: HMAC-SHA256 (RFC 2104) under the cluster
 * secret, over a word for their side and everything that both have said so far, nonces included. So
 * a proof is worth nothing on another connection, nor when sent back to whoever made it.
 */
final class Proofs {

    static final String ALGORITHM = "HmacSHA256";

    /** Random bytes that each side contributes. */
    static final int NONCE_BYTES = 32;

    private final byte[] hello;
    private final byte[] welcome;

    /**
     * @param hello the client's first message as it was sent
     * @param welcome the server's
     */
    Proofs(byte[] hello, byte[] welcome) {
        this.hello = hello;
        this.welcome = welcome;
    }

    byte[] ofClient(SecretKey secret) {
        return of("lilio-rpc client", secret);
    }

    byte[] ofServer(SecretKey secret) {
        return of("lilio-rpc server", secret);
    }

    /** In a time that does not tell how much of it is right. */
    static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private byte[] of(String side, SecretKey secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            for (byte[] part :
                    new byte[][] {side.getBytes(StandardCharsets.US_ASCII), hello, welcome}) {
                mac.update((byte) (part.length >>> 24));
                mac.update((byte) (part.length >>> 16));
                mac.update((byte) (part.length >>> 8));
                mac.update((byte) part.length);
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
