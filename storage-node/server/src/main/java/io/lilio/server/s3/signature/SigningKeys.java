package io.lilio.server.s3.signature;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Derives signing keys from secrets and remembers them: a key is good for a whole day. Thread-safe
 * and bounded.
 */
final class SigningKeys {

    private static final int MAX_REMEMBERED = 1_000;

    private record Origin(String secretKey, Scope scope) {}

    private final ConcurrentMap<Origin, HmacKey> remembered = new ConcurrentHashMap<>();

    HmacKey keyFor(String secretKey, Scope scope) {
        Origin origin = new Origin(secretKey, scope);
        HmacKey known = remembered.get(origin);
        if (known != null) {
            return known;
        }
        HmacKey derived = derive(secretKey, scope);
        // Forgetting everything once in a while is cheaper than knowing what is oldest.
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(origin, derived);
        return derived;
    }

    private static HmacKey derive(String secretKey, Scope scope) {
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step :
                new String[] {scope.date(), scope.region(), scope.service(), Scope.TERMINATOR}) {
            key = new HmacKey(key).sign(step);
        }
        return new HmacKey(key);
    }
}
