package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS connections begin with: read from files, and read again when these have changed, so that
 * certificates are renewed without a restart. Connections that are open go on with what they began
 * with. Thread-safe.
 *
 * <p>Every node has a certificate of the cluster's authority and shows it, whichever side it is.
 * Names in it are not compared with addresses: nodes are reached at addresses that change, and
 * whoever has a certificate of that authority belongs to the cluster.
 */
final class TlsContext {

    private static final Logger log = LoggerFactory.getLogger(TlsContext.class);

    /** How often the files are looked at, when connections are opened. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final char[] NO_PASSWORD = {};

    private final TlsFiles files;
    private final Sparingly looking;
    private volatile Loaded loaded;

    /** A context, and the state of the files that it was made from. */
    private record Loaded(SSLContext context, List<FileTime> changed) {}

    private TlsContext(TlsFiles files, Time time, Loaded loaded) {
        this.files = files;
        this.looking = new Sparingly(time, LOOK);
        this.loaded = loaded;
    }

    /**
     * @throws IOException when a file cannot be read; the message names it
     */
    static TlsContext open(TlsFiles files, Time time) throws IOException {
        return new TlsContext(files, time, load(files));
    }

    /** What the next connection begins with. Files that are bad leave it as it is. */
    SSLContext current() {
        if (looking.now()) {
            reloadIfChanged();
        }
        return loaded.context();
    }

    private synchronized void reloadIfChanged() {
        try {
            if (!changed(files).equals(loaded.changed())) {
                loaded = load(files);
                log.info("the certificates for TLS between nodes were read again");
            }
        } catch (IOException e) {
            log.warn("certificates have changed and the ones before stay: {}", e.getMessage());
        }
    }

    private static List<FileTime> changed(TlsFiles files) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(files.authority(), files.certificate(), files.key())) {
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " does not exist");
            }
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    private static Loaded load(TlsFiles files) throws IOException {
        // Before the files are read: what changes meanwhile is read again.
        List<FileTime> changed = changed(files);
        List<X509Certificate> authorities = PemFile.certificates(files.authority());
        List<X509Certificate> own = PemFile.certificates(files.certificate());
        PrivateKey key = PemFile.privateKey(files.key());
        requireMatching(files.certificate(), own.getFirst(), files.key(), key);
        try {
            KeyStore trusted = empty();
            for (int i = 0; i < authorities.size(); i++) {
                trusted.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            KeyStore mine = empty();
            mine.setKeyEntry("node", key, NO_PASSWORD, own.toArray(new Certificate[0]));
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(mine, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return new Loaded(context, changed);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates for TLS between nodes cannot be used", e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Files that are being replaced may be of two generations for a moment. */
    private static void requireMatching(
            Path certificateFile, X509Certificate certificate, Path keyFile, PrivateKey key)
            throws IOException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certificate);
            if (verifying.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            log.debug("the key does not sign what the certificate verifies", e);
        }
        throw new IOException(
                "the key in " + keyFile + " is not that of the certificate in " + certificateFile);
    }
}
