package io.lilio.tls;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** An authority of its own, and the certificates that it signs, as PEM files. */
public final class TestAuthority {

    private static final Duration LIFE = Duration.ofDays(30);

    /** Clocks of tests may be behind. */
    private static final Duration ALREADY = Duration.ofDays(1);

    private final Path directory;
    private final X500Name name;
    private final KeyPair keys;
    private final Path certificate;

    /**
     * @param directory where its files will lie; made when it is not there yet
     * @param name its common name, and the beginning of its file's
     */
    public TestAuthority(Path directory, String name) throws IOException, GeneralSecurityException {
        this.directory = Files.createDirectories(directory);
        this.name = new X500Name("CN=" + name);
        this.keys = generate("EC");
        X509v3CertificateBuilder own = builder(this.name, keys.getPublic());
        own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        this.certificate = write(name + "-ca.pem", "CERTIFICATE", signed(own));
    }

    /** Its own certificate. */
    public Path certificate() {
        return certificate;
    }

    /**
     * Makes a key, and a certificate for it.
     *
     * @param holder the common name, and the beginning of the files'
     * @param keyAlgorithm "EC" or "RSA"
     * @param addresses what the certificate is good for besides
     */
    public PemFiles.Pair sign(String holder, String keyAlgorithm, GeneralName... addresses)
            throws IOException, GeneralSecurityException {
        KeyPair its = generate(keyAlgorithm);
        X509v3CertificateBuilder of = builder(new X500Name("CN=" + holder), its.getPublic());
        if (addresses.length > 0) {
            of.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(addresses));
        }
        return new PemFiles.Pair(
                write(holder + ".pem", "CERTIFICATE", signed(of)),
                write(holder + ".key", "PRIVATE KEY", its.getPrivate().getEncoded()));
    }

    private static KeyPair generate(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(X500Name holder, PublicKey key) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(ALREADY)),
                Date.from(now.plus(LIFE)),
                holder,
                key);
    }

    private byte[] signed(X509v3CertificateBuilder certificate)
            throws IOException, GeneralSecurityException {
        try {
            return certificate
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private Path write(String file, String kind, byte[] encoded) throws IOException {
        Path path = directory.resolve(file);
        try (Writer out = Files.newBufferedWriter(path);
                PemWriter pem = new PemWriter(out)) {
            pem.writeObject(new PemObject(kind, encoded));
        }
        return path;
    }
}
