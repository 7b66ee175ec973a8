package io.lilio.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PEM files that a side of TLS connections begins with.
 *
 * @param authority certificates of those whose signature is trusted; the system's authorities when
 *     empty
 * @param own what this side shows; empty for none
 */
public record PemFiles(Optional<Path> authority, Optional<Pair> own) {

    /**
     * Who somebody is.
     *
     * @param certificate followed by those between it and the authority if there are any
     * @param key its private key, PKCS #8, not encrypted
     */
    public record Pair(Path certificate, Path key) {}

    /** All that are there to be read. */
    List<Path> all() {
        List<Path> all = new ArrayList<>(3);
        authority.ifPresent(all::add);
        own.ifPresent(
                pair -> {
                    all.add(pair.certificate());
                    all.add(pair.key());
                });
        return all;
    }
}
