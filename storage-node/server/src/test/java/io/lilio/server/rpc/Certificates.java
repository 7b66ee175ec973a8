package io.lilio.server.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of its own and certificates that it signs, made with the JDK's keytool. */
final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;
    private final Path authority;

    /**
     * @param directory where its files lie
     */
    Certificates(Path directory, String name) throws Exception {
        this.directory = directory;
        this.store = directory.resolve(name + ".p12");
        this.authority = directory.resolve(name + "-ca.pem");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
        Files.writeString(authority, pem("CERTIFICATE", chain("ca").getFirst().getEncoded()));
    }

    Path authority() {
        return authority;
    }

    /** The files of a node whose certificate this authority signs. */
    TlsFiles sign(String node, String keyAlgorithm) throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                node,
                "-dname",
                "CN=" + node,
                "-signer",
                "ca",
                "-keyalg",
                keyAlgorithm);
        Path certificate = directory.resolve(node + ".pem");
        Path key = directory.resolve(node + ".key");
        Files.writeString(certificate, pem("CERTIFICATE", chain(node).getFirst().getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", open().getKey(node, PASSWORD.toCharArray()).getEncoded()));
        return new TlsFiles(authority, certificate, key);
    }

    private List<Certificate> chain(String alias) throws Exception {
        return List.of(open().getCertificateChain(alias));
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        if (!command.contains("-keyalg")) {
            command.addAll(List.of("-keyalg", "EC"));
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + output);
        }
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(what, Base64.getMimeEncoder().encodeToString(encoded), what);
    }
}
