package io.lilio.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was in {@link PemFiles} when they were read. Immutable.
 *
 * @param own shows this side's certificate, or none where there is none
 * @param trust trusts the authority
 */
public record TlsKeys(X509ExtendedKeyManager own, X509ExtendedTrustManager trust) {

    private static final Logger log = LoggerFactory.getLogger(TlsKeys.class);

    private static final char[] NO_PASSWORD = {};

    /**
     * @throws IOException when a file cannot be read or used; the message names it
     */
    static TlsKeys read(PemFiles files) throws IOException {
        try {
            return new TlsKeys(own(files), trust(files));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in " + files + " cannot be used", e);
        }
    }

    private static X509ExtendedKeyManager own(PemFiles files)
            throws IOException, GeneralSecurityException {
        KeyStore mine = empty();
        if (files.own().isPresent()) {
            PemFiles.Pair pair = files.own().get();
            List<X509Certificate> chain = PemFile.certificates(pair.certificate());
            PrivateKey key = PemFile.privateKey(pair.key());
            requireMatching(pair, chain.getFirst(), key);
            mine.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        }
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(mine, NO_PASSWORD);
        return only(keys.getKeyManagers(), X509ExtendedKeyManager.class);
    }

    private static X509ExtendedTrustManager trust(PemFiles files)
            throws IOException, GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance("PKIX");
        if (files.authority().isPresent()) {
            Path authority = files.authority().get();
            KeyStore trusted = empty();
            int number = 0;
            for (X509Certificate each : PemFile.certificates(authority)) {
                trusted.setCertificateEntry("authority-" + number++, each);
            }
            trust.init(trusted);
        } else {
            trust.init((KeyStore) null);
        }
        return only(trust.getTrustManagers(), X509ExtendedTrustManager.class);
    }

    private static <M> M only(Object[] managers, Class<M> kind) {
        return Arrays.stream(managers)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Files that are being replaced may be of two generations for a moment. */
    private static void requireMatching(
            PemFiles.Pair files, X509Certificate certificate, PrivateKey key) throws IOException {
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
                "the key in %s is not that of the certificate in %s"
                        .formatted(files.key(), files.certificate()));
    }
}
