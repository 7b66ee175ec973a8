package io.lilio.simulation;

import io.lilio.history.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The values that clients write: each once, in bytes that say which one it is. */
final class Values {

    private static final int NAME_BYTES = 16;

    private final Map<String, String> byEtag = new HashMap<>();
    private int made;

    /** A value, as bytes. */
    record Value(String name, byte[] bytes) {}

    /** A new one. Sizes are inline, one chunk, and several. */
    Value next(Random random) {
        String name = "value-%06d".formatted(++made);
        int bytes =
                switch (random.nextInt(10)) {
                    case 0, 1 -> 80;
                    case 2 -> severalChunks(random);
                    default -> 101 + random.nextInt(3_000);
                };
        return next(name, bytes);
    }

    /** A new one of several chunks, the first of which are sent when half of it has come. */
    Value nextLarge(Random random) {
        return next("value-%06d".formatted(++made), 2 * Cluster.CHUNK + severalChunks(random));
    }

    private static int severalChunks(Random random) {
        return 2 * Cluster.CHUNK + 1 + random.nextInt(Cluster.CHUNK);
    }

    private Value next(String name, int bytes) {
        Value value = new Value(name, bytes(name, bytes));
        byte[] md5 = md5(value.bytes());
        byEtag.put(HexFormat.of().formatHex(md5), name);
        byEtag.put(HexFormat.of().formatHex(md5(md5)) + "-1", name);
        return value;
    }

    private static byte[] bytes(String name, int length) {
        byte[] bytes = new byte[length];
        new Random(name.hashCode()).nextBytes(bytes);
        byte[] label = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), NAME_BYTES);
        System.arraycopy(label, 0, bytes, 0, NAME_BYTES);
        return bytes;
    }

    /** Which value these bytes are; empty when nobody wrote them. */
    static Optional<String> read(byte[] bytes) {
        if (bytes.length < NAME_BYTES) {
            return Optional.empty();
        }
        String name = new String(bytes, 0, NAME_BYTES, StandardCharsets.US_ASCII).trim();
        return Arrays.equals(bytes, bytes(name, bytes.length))
                ? Optional.of(name)
                : Optional.empty();
    }

    /** Which value has this ETag. */
    Optional<String> ofEtag(String etag) {
        return Optional.ofNullable(byEtag.get(etag));
    }

    /** The same for an ETag that a node has given: somebody wrote what it stands for. */
    String written(String etag) {
        return ofEtag(etag)
                .orElseThrow(() -> new AssertionError("an object has an ETag of nothing: " + etag));
    }

    static String etag(Value value) {
        return HexFormat.of().formatHex(md5(value.bytes()));
    }

    /** The state without a value. */
    static String absent() {
        return Operation.ABSENT;
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
