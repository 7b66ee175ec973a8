package io.lilio.server.rpc;

import io.lilio.tls.PemFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files for TLS between nodes.
 *
 * @param authority certificates of those who sign nodes' certificates
 * @param certificate this node's, followed by those between it and the authority if there are any
 * @param key its private key, PKCS #8, not encrypted
 */
public record TlsFiles(Path authority, Path certificate, Path key) {

    PemFiles pem() {
        return new PemFiles(
                Optional.of(authority), Optional.of(new PemFiles.Pair(certificate, key)));
    }
}
