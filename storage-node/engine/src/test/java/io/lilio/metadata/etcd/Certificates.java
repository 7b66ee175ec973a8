package io.lilio.metadata.etcd;

import io.lilio.tls.PemFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * An authority and what it has signed, as PEM files: for a server on loopback, and for a client.
 * Made by the JDK's keytool.
 */
public record Certificates(Path authority, PemFiles.Pair server, PemFiles.Pair client) {

    private static final String PASSWORD = "changeit";

    /** Into a directory that is not there yet. */
    public static Certificates make(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectory(directory);
        Path store = directory.resolve("store.p12");
        keytool(store, "-genkeypair", "ca", "-dname", "CN=authority", "-ext", "bc:c");
        keytool(
                store,
                "-genkeypair",
                "server",
                "-dname",
                "CN=server",
                "-signer",
                "ca",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool(store, "-genkeypair", "client", "-dname", "CN=client", "-signer", "ca");
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path authority = directory.resolve("ca.pem");
        Files.writeString(authority, pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
        return new Certificates(
                authority, pair(keys, "server", directory), pair(keys, "client", directory));
    }

    /** Puts these in the place of others. */
    public void copyTo(Certificates others) throws IOException {
        copy(authority, others.authority());
        for (PemFiles.Pair[] pair :
                new PemFiles.Pair[][] {{server, others.server()}, {client, others.client()}}) {
            copy(pair[0].certificate(), pair[1].certificate());
            copy(pair[0].key(), pair[1].key());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void keytool(Path store, String command, String alias, String... more)
            throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                command,
                                "-alias",
                                alias,
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD,
                                "-keyalg",
                                "EC"));
        line.addAll(List.of(more));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private static PemFiles.Pair pair(KeyStore keys, String alias, Path directory)
            throws IOException, GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (Certificate each : keys.getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", each.getEncoded()));
        }
        Key key = keys.getKey(alias, PASSWORD.toCharArray());
        return new PemFiles.Pair(
                Files.writeString(directory.resolve(alias + ".pem"), chain),
                Files.writeString(
                        directory.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded())));
    }

    private static String pem(String kind, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        kind,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded),
                        kind);
    }
}
