package io.lilio.server.rpc;

import io.lilio.time.Time;
import io.lilio.tls.RenewedKeys;
import io.lilio.tls.TlsKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What TLS connections between nodes begin with; renewed without a restart (see {@link
 * RenewedKeys}). Thread-safe.
 *
 * <p>Every node has a certificate of the cluster's authority and shows it, whichever side it is.
 * Names in it are not compared with addresses: nodes are reached at addresses that change, and
 * whoever has a certificate of that authority belongs to the cluster.
 */
final class TlsContext {

    private final RenewedKeys renewed;
    private volatile Made made;

    /** A context, and the keys that it was made of. With other keys no old session is resumed. */
    private record Made(SSLContext context, TlsKeys of) {}

    private TlsContext(RenewedKeys renewed) {
        this.renewed = renewed;
        this.made = make(renewed.current());
    }

    /**
     * @throws IOException when a file cannot be read or used; the message names it
     */
    static TlsContext open(TlsFiles files, Time time) throws IOException {
        return new TlsContext(RenewedKeys.open(files.pem(), "TLS between nodes", time));
    }

    /** What the next connection begins with. Files that are bad leave it as it is. */
    SSLContext current() {
        TlsKeys keys = renewed.current();
        Made now = made;
        if (!now.of().equals(keys)) {
            now = make(keys);
            made = now;
        }
        return now.context();
    }

    private static Made make(TlsKeys keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {keys.own()},
                    new TrustManager[] {keys.trust()},
                    new SecureRandom());
            return new Made(context, keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3", e);
        }
    }
}
